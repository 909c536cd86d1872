using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backup.Core.Tests.TestKit.Storage;

/// <summary>One step of a recording: an exchange with the real server, or what was set up before it without being recorded.</summary>
internal sealed record RecordedStep(JsonObject Json)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Fixtures", "supabase-storage");

    /// <summary>What an exchange is about.</summary>
    public string Name => Json["name"]?.GetValue<string>() ?? string.Empty;

    /// <summary>The kind of a set-up; <see langword="null"/> for an exchange.</summary>
    public string? Setup => Json["setup"]?.GetValue<string>();

    public JsonNode Request => Json["request"]!;

    public JsonNode Response => Json["response"]!;

    /// <summary>Reads a recording.</summary>
    public static async Task<IReadOnlyList<RecordedStep>> ReadAsync(string recording)
    {
        await using var stream = File.OpenRead(Path.Combine(Folder, recording + ".json"));
        var steps = await JsonSerializer.DeserializeAsync<JsonArray>(stream);
        return [.. steps!.Select(step => new RecordedStep(step!.AsObject()))];
    }

    /// <summary>A body's bytes in the form of the recordings; <see langword="null"/> for none.</summary>
    public static byte[]? ReadBytes(JsonNode? body) => body switch
    {
        null => null,
        JsonObject json when json["base64"] is { } base64 => Convert.FromBase64String(base64.GetValue<string>()),
        JsonObject json when json["text"] is { } text => System.Text.Encoding.UTF8.GetBytes(text.GetValue<string>()),
        _ => null,
    };
}
