using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Texts;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Pipeline.Stages.Texts;

/// <summary>Takes the schema of a snapshot, and writes its files, or refers to the parent's, while rows are being read.</summary>
/// <param name="snapshot">The snapshot.</param>
/// <param name="parent">The schema of the parent of an incremental run; <see langword="null"/> in others.</param>
/// <param name="readsRoles">Whether the server's roles are taken too.</param>
/// <param name="allowsUnsupported">Whether the run goes on without what no backup can hold.</param>
/// <param name="texts">Writes the files; <see langword="null"/> to hold the schema for whoever writes them at the end.</param>
internal sealed class SchemaStage(RowSnapshot snapshot, ParentSchema? parent, bool readsRoles, bool allowsUnsupported, TextEntryWriter? texts)
{
    /// <summary>The statements that set the sequences, all of the schema that the load script needs: the definitions of a large one
    /// are not held until then unless they must be. Known when the stage has ended.</summary>
    public IReadOnlyList<string> Sequences { get; private set; } = [];

    /// <summary>The schema, where it is held.</summary>
    public DatabaseSchema? Held { get; private set; }

    /// <summary>What belongs to the server, where it is held.</summary>
    public ServerObjects? HeldServer { get; private set; }

    /// <summary>How many roles the backup holds, once the stage has ended; <see langword="null"/> where they were not asked for.</summary>
    public int? Roles { get; private set; }

    /// <summary>The files of the schema that other backups hold already, by their paths.</summary>
    public IReadOnlyDictionary<string, IndexEntry> Shared { get; private set; } = new Dictionary<string, IndexEntry>();

    /// <summary>What tells whether the next backup has the same schema; <see langword="null"/> where nothing does.</summary>
    public string? Fingerprint { get; private set; }

    /// <summary>What the schema holds beyond what the files say; empty where that is nothing.</summary>
    public IReadOnlyList<UnsupportedObject> Unsupported { get; private set; } = [];

    /// <summary>Whether the schema has been read and, where it is not held, written.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Copies the schema.</summary>
    /// <exception cref="Errors.DatabaseException">The catalogs cannot be read, or hold what no backup can hold and that is not allowed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var span = BackupSpans.Start(BackupTelemetry.SchemaSpan);
        var schema = await snapshot.ReadSchemaAsync(parent?.Known, cancellationToken).ConfigureAwait(false);
        if (!allowsUnsupported)
        {
            KnownServers.ThrowIfAny(schema.Unsupported);
        }

        var server = await snapshot.ReadServerObjectsAsync(readsRoles, cancellationToken).ConfigureAwait(false);
        Roles = server.Roles?.Roles.Count;
        Shared = parent?.SharedBy(schema) ?? Shared;
        if (texts is null)
        {
            (Held, HeldServer) = (schema, server);
        }
        else
        {
            await SchemaTexts.WriteAsync(
                schema,
                server,
                Shared,
                (path, write) => texts.WriteAsync(path, write, cancellationToken),
                entry => texts.ReferAsync(entry, cancellationToken)).ConfigureAwait(false);
        }

        Sequences = [.. schema.Entries.Where(entry => entry is { Section: TocSection.Data, Create.Length: > 0 }).Select(entry => entry.Create)];
        Fingerprint = schema.Fingerprint;
        Unsupported = schema.Unsupported;
        IsRead = true;
    }
}
