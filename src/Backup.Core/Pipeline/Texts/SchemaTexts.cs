using Backup.Core.Archives;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Pipeline.Texts;

/// <summary>The files of a schema: its table of contents and the two scripts.</summary>
internal static class SchemaTexts
{
    /// <summary>Writes them.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="write">Writes one entry, given its path and what writes its content.</param>
    public static async Task WriteAsync(DatabaseSchema schema, Func<string, Func<Stream, CancellationToken, Task>, Task> write)
    {
        await write(EntryPaths.Toc, (stream, token) => TocFile.WriteAsync(stream, schema, token)).ConfigureAwait(false);
        await write(EntryPaths.PreData, (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PreData, token)).ConfigureAwait(false);
        await write(EntryPaths.PostData, (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PostData, token)).ConfigureAwait(false);
    }
}
