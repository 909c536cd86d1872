using System.Text.Json;
using System.Text.Json.Serialization;

namespace Backup.Core.Archives.Manifest;

/// <summary>Writes and reads a <see cref="BackupId"/> as its text.</summary>
internal sealed class BackupIdConverter : JsonConverter<BackupId>
{
    /// <inheritdoc/>
    public override BackupId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && BackupId.TryParse(reader.GetString(), out var id)
            ? id
            : throw new JsonException("This is no backup id.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, BackupId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
