using System.Text.Encodings.Web;
using System.Text.Json;

namespace Backup.Cli.Documents;

/// <summary>The format that documents are written in.</summary>
internal static class DocumentFormat
{
    /// <summary>Quotes and accents stay as they are: no document ends up inside the script of a web page.</summary>
    public static DocumentContext Readable { get; } = new(
        new JsonSerializerOptions(DocumentContext.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
