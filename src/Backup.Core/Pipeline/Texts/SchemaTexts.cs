using Backup.Core.Archives;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Pipeline.Texts;

/// <summary>The files of a schema: its table of contents and the two scripts, and what belongs to the server.</summary>
internal static class SchemaTexts
{
    /// <summary>Writes them, or refers to those that other backups hold.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="server">What belongs to the server; always written anew, as no fingerprint covers it.</param>
    /// <param name="shared">The files that other backups hold, by their paths.</param>
    /// <param name="write">Writes one entry, given its path and what writes its content.</param>
    /// <param name="refer">Refers to an entry.</param>
    public static async Task WriteAsync(
        DatabaseSchema schema,
        ServerObjects server,
        IReadOnlyDictionary<string, IndexEntry> shared,
        Func<string, Func<Stream, CancellationToken, Task>, Task> write,
        Func<IndexEntry, Task> refer)
    {
        await StoreAsync(EntryPaths.Toc, (stream, token) => TocFile.WriteAsync(stream, schema, token)).ConfigureAwait(false);
        await StoreAsync(EntryPaths.PreData, (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PreData, token)).ConfigureAwait(false);
        await StoreAsync(EntryPaths.PostData, (stream, token) => SchemaScript.WriteAsync(stream, schema, TocSection.PostData, token)).ConfigureAwait(false);
        if (server.Database is { } database)
        {
            await write(EntryPaths.Settings, (stream, token) => ServerFiles.WriteAsync(stream, database, token)).ConfigureAwait(false);
            await write(EntryPaths.SettingsScript, (stream, token) => DatabaseSettingsScript.WriteAsync(stream, database, server.MajorVersion, token))
                .ConfigureAwait(false);
        }

        if (server.Roles is { } roles)
        {
            await write(EntryPaths.Roles, (stream, token) => ServerFiles.WriteAsync(stream, roles, token)).ConfigureAwait(false);
            await write(EntryPaths.RolesScript, (stream, token) => RoleScript.WriteAsync(stream, roles, server.MajorVersion, token))
                .ConfigureAwait(false);
        }

        Task StoreAsync(string path, Func<Stream, CancellationToken, Task> content) =>
            shared.TryGetValue(path, out var entry) ? refer(entry) : write(path, content);
    }
}
