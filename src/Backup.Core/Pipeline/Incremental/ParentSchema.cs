using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>
/// The schema of an incremental run's parent: it is taken where the catalogs are still the same, and then its scripts are referenced.
/// For one caller at a time.
/// </summary>
internal sealed class ParentSchema
{
    // Not the table of contents: every restore begins with it, and must not end where the backup that holds it is lost.
    private static readonly string[] Scripts = [EntryPaths.PreData, EntryPaths.PostData];

    private readonly IncrementalBase _parent;
    private readonly ILogger _logger;
    private readonly Dictionary<string, IndexEntry> _scripts = new(StringComparer.Ordinal);

    /// <summary>Prepares the look at it; nothing is read yet.</summary>
    public ParentSchema(IncrementalBase parent, ILogger logger)
    {
        _parent = parent;
        _logger = logger;
        Known = parent.Manifest.Database?.SchemaFingerprint is { } fingerprint ? new KnownSchema(fingerprint, ReadAsync) : null;
    }

    /// <summary>What is offered to the snapshot; <see langword="null"/> where the parent has no fingerprint.</summary>
    public KnownSchema? Known { get; }

    /// <summary>The scripts of the parent that are also those of a schema, as entries to refer to, by their paths.</summary>
    public IReadOnlyDictionary<string, IndexEntry> SharedBy(DatabaseSchema schema) =>
        schema.Origin == SchemaOrigin.Known ? _scripts : new Dictionary<string, IndexEntry>();

    // A parent that is damaged here is for whoever needs its other entries to find; what it would have spared is read.
    private async Task<DatabaseSchema?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var path in Scripts)
            {
                if (await _parent.Reader.FindAsync(path, cancellationToken).ConfigureAwait(false) is not { } script)
                {
                    return null;
                }

                _scripts[path] = script with { Backup = script.Backup ?? _parent.Id };
            }

            if (await _parent.Reader.FindAsync(EntryPaths.Toc, cancellationToken).ConfigureAwait(false) is not { } entry)
            {
                return null;
            }

            var stream = await _parent.Reader.OpenEntryAsync(entry, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                return await TocFile.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (BackupException exception)
        {
            _logger.ParentSchemaUnreadable(_parent.Id.Value, exception.Message);
            return null;
        }
    }
}
