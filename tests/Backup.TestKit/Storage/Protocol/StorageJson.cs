using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Writes JSON and times as the server does.</summary>
internal static class StorageJson
{
    /// <summary>Escapes no more than JavaScript does, so that lengths come out the same.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text of a body.</summary>
    public static byte[] Write(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Options);

    /// <summary>A time in a body: milliseconds, cut off.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time in a header: whole seconds.</summary>
    public static string HeaderTime(DateTimeOffset time) => time.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A time as PostgreSQL keeps it.</summary>
    public static DateTimeOffset ToMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
