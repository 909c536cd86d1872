using System.Text.Json;
using System.Text.Json.Serialization;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>
/// Reads what a listing shows of an object's metadata. Rows put in by SQL may hold anything there: what is of another kind is not
/// known, and does not keep the rest of the bucket from being listed.
/// </summary>
internal sealed class ListedMetadataConverter : JsonConverter<ListedMetadataJson>
{
    /// <inheritdoc/>
    public override ListedMetadataJson? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        return root.ValueKind == JsonValueKind.Object
            ? new ListedMetadataJson(Text(root, "eTag"), Size(root), Text(root, "mimetype"), Text(root, "cacheControl"), Text(root, "xRobotsTag"))
            : null;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ListedMetadataJson value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Listings are only read.");

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Size(JsonElement root) =>
        root.TryGetProperty("size", out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var size) && size >= 0
            ? size
            : null;
}
