using System.Globalization;
using System.Text.Json;

namespace Backup.Core.Archives.Manifest;

/// <summary>Finds the format version of a manifest or checkpoint of which nothing else is known.</summary>
internal static class ManifestVersion
{
    /// <summary>Reads the top-level property <c>formatVersion</c>.</summary>
    /// <param name="file">The file's bytes, of whatever version.</param>
    /// <returns>The version; <see langword="null"/> when the file has none.</returns>
    public static Version? Find(ReadOnlySpan<byte> file)
    {
        try
        {
            var reader = new Utf8JsonReader(file);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("formatVersion"u8))
                {
                    return reader.Read() && reader.TokenType == JsonTokenType.String
                        && TryParse(reader.GetString(), out var major, out var minor) ? new Version(major, minor) : null;
                }

                if (!reader.TrySkip())
                {
                    return null;
                }
            }

            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is no UTF-8: then it has no version either.
            return null;
        }
    }

    /// <summary>Reads <c>major.minor</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="major">The major version.</param>
    /// <param name="minor">The minor version.</param>
    /// <returns>Whether it is that.</returns>
    public static bool TryParse(string? text, out int major, out int minor)
    {
        major = minor = 0;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return dot > 0
            && int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out major)
            && int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out minor);
    }
}
