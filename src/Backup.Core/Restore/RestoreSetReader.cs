using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;
using Backup.Core.Postgres.Presets;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore.Server;

namespace Backup.Core.Restore;

/// <summary>Reads a backup's table of contents and chooses what a request is about.</summary>
internal static class RestoreSetReader
{
    // The table of contents is held whole; a larger one than this is no schema but an attack.
    private const long MaxTocBytes = 512L * 1024 * 1024;

    /// <summary>Reads and chooses.</summary>
    /// <exception cref="ArchiveFormatException">The table of contents is missing or damaged.</exception>
    /// <exception cref="RestoreException">The backup holds no database, a name fits nothing, or a chosen table cannot be made.</exception>
    public static async Task<RestoreSet> ReadAsync(
        ArchiveReader archive, RestoreRequest request, CancellationToken cancellationToken)
    {
        var database = archive.Manifest.Database ?? throw new RestoreException($"The backup {archive.Manifest.Id} holds no database.")
        {
            Subject = archive.Manifest.Id.Value,
            Hint = "Choose a backup that was made of a database.",
        };
        var schema = await ReadTocAsync(archive, cancellationToken).ConfigureAwait(false);
        var set = RestoreSelector.Select(schema, database.Tables, request);
        ThrowIfNothingMatches(request, set, database, schema);
        return set with
        {
            Preset = request.Tables.Preset == DatabasePreset.None ? PresetName.Find(database.Preset) : request.Tables.Preset,
            Server = await ServerSetReader.ReadAsync(archive, request, cancellationToken).ConfigureAwait(false),
        };
    }

    private static async Task<DatabaseSchema> ReadTocAsync(ArchiveReader archive, CancellationToken cancellationToken)
    {
        var entry = await archive.FindAsync(EntryPaths.Toc, cancellationToken).ConfigureAwait(false)
            ?? throw Damaged(archive, $"it has no {EntryPaths.Toc}");
        if (entry.RawBytes > MaxTocBytes)
        {
            throw Damaged(archive, $"its {EntryPaths.Toc} has {entry.RawBytes} bytes, the most are {MaxTocBytes}");
        }

        var stream = await archive.OpenEntryAsync(entry, cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        return await TocFile.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    private static ArchiveFormatException Damaged(ArchiveReader archive, string what) =>
        new($"The backup {archive.Manifest.Id} cannot be restored: {what}.")
        {
            Subject = archive.Manifest.Id.Value,
            Hint = "Verify the backup and restore from another one.",
        };

    private static void ThrowIfNothingMatches(
        RestoreRequest request, RestoreSet set, DatabaseSection database, DatabaseSchema schema)
    {
        var relations = database.Tables.Select(table => new QualifiedName(table.Schema, table.Name))
            .Concat(schema.Entries
                .Where(entry => entry.Schema is not null && TocKinds.IsRelation(entry.Kind))
                .Select(entry => new QualifiedName(entry.Schema!, entry.Name)))
            .Where(name => !LargeObjectRelations.Contains(name))
            .ToHashSet();
        var schemas = relations.Select(name => name.Schema)
            .Concat(schema.Entries.Select(entry => entry.Schema ?? (entry.Kind == TocKinds.Schema ? entry.Name : null)).OfType<string>())
            .ToHashSet(StringComparer.Ordinal);
        var unmatched = request.Tables.UnmatchedIncludes(schemas, relations).ToList();
        if (unmatched.Count > 0)
        {
            throw new RestoreException($"The backup holds nothing that matches {string.Join(", ", unmatched)}.")
            {
                Subject = unmatched[0],
                Hint = "Names are compared as PostgreSQL stores them; show the backup to see its tables.",
            };
        }

        // A chosen table that cannot be made is not a detail of the result.
        if (set.LeftOut.FirstOrDefault(item => item.Kind == "TABLE") is { } lost)
        {
            throw new RestoreException($"{lost.Kind} {lost.Name} cannot be restored: {lost.Reason}")
            {
                Subject = lost.Name,
                Hint = "Choose that object as well.",
            };
        }
    }
}
