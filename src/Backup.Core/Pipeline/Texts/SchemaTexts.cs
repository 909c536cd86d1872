using Backup.Core.Archives;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Pipeline.Texts;

/// <summary>The files of a schema: its table of contents and the two scripts.</summary>
internal static class SchemaTexts
{
    /// <summary>Writes them, or refers to those that other backups hold.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="shared">The files that other backups hold, by their paths.</param>
    /// <param name="write">Writes one entry, given its path and what writes its content.</param>
    /// <param name="refer">Refers to an entry.</param>
    public static async Task WriteAsync(
        DatabaseSchema schema,
        IReadOnlyDictionary<string, IndexEntry> shared,
        Func<string, Func<Stream, CancellationToken, Task>, Task> write,
        Func<IndexEntry, Task> refer)
    {
        await StoreAsync(EntryPaths.Toc, (stream, token) => TocFile.WriteAsync(stream, schema, token)).ConfigureAwait(false);
        await StoreAsync(EntryPaths.PreData, (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PreData, token)).ConfigureAwait(false);
        await StoreAsync(EntryPaths.PostData, (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PostData, token)).ConfigureAwait(false);

        Task StoreAsync(string path, Func<Stream, CancellationToken, Task> content) =>
            shared.TryGetValue(path, out var entry) ? refer(entry) : write(path, content);
    }
}
