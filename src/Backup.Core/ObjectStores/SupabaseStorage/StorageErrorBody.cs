using System.Globalization;
using System.Text.Json;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>What the body of a refusal says, in any of the shapes that the server and the gateway before it use.</summary>
/// <param name="Status">The status that is meant, in most answers a text and in those of the HTTP framework a number.</param>
/// <param name="Code">The server's code, such as <c>NoSuchKey</c>; older servers give none.</param>
/// <param name="Error">A short word, such as <c>not_found</c>.</param>
/// <param name="Message">A sentence.</param>
internal readonly record struct StorageErrorBody(int? Status, string? Code, string? Error, string? Message)
{
    // Not every number in a body is a status, and one of success says nothing about a refusal.
    private const int MinStatus = 400;
    private const int MaxStatus = 599;

    /// <summary>Reads a body; of an HTML page, a plain text and an empty body nothing is known.</summary>
    public static StorageErrorBody Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new StorageErrorBody(
                    StatusOf(root), Text(root, "code"), Text(root, "error"), Text(root, "message") ?? Text(root, "msg"))
                : default;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    private static int? StatusOf(JsonElement root) =>
        root.TryGetProperty("statusCode", out var value)
        && value.ValueKind is JsonValueKind.String or JsonValueKind.Number
        && int.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
        && status is >= MinStatus and <= MaxStatus
            ? status
            : null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
