using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Backup.Core.Archives.Manifest;

/// <summary>
/// Writes and proves JSON files whose last property, <c>digest</c>, stands on a line of its own and covers every byte before that
/// line, so that any change of the file is found. docs/format.md specifies it.
/// </summary>
internal static class SealedJson
{
    private const int DigestDigits = 64;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    private static ReadOnlySpan<byte> BodyEnd => "\n}"u8;

    private static ReadOnlySpan<byte> DigestStart => "  \"digest\": \"sha256:"u8;

    private static ReadOnlySpan<byte> DigestEnd => "\"\n}\n"u8;

    private static int TailBytes => DigestStart.Length + DigestDigits + DigestEnd.Length;

    /// <summary>Encodes an object with properties.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">How it becomes JSON.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] Serialize<T>(T value, JsonTypeInfo<T> type)
    {
        using var file = new MemoryStream();
        using (var writer = new Utf8JsonWriter(file, WriterOptions))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        file.SetLength(file.Length - BodyEnd.Length);
        file.Seek(0, SeekOrigin.End);
        file.Write(",\n"u8);
        var digest = SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length));
        file.Write(DigestStart);
        file.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest)));
        file.Write(DigestEnd);
        return file.ToArray();
    }

    /// <summary>Says whether a file is as it was written.</summary>
    /// <param name="file">The file's bytes.</param>
    public static bool HasItsDigest(ReadOnlySpan<byte> file)
    {
        if (file.Length < TailBytes)
        {
            return false;
        }

        var body = file[..^TailBytes];
        var tail = file[^TailBytes..];
        return tail.StartsWith(DigestStart)
            && tail.EndsWith(DigestEnd)
            && tail.Slice(DigestStart.Length, DigestDigits)
                .SequenceEqual(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(body))));
    }
}
