using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>
/// The schema of an incremental run's parent: it is taken where the catalogs are still the same, and then its files are referenced.
/// For one caller at a time.
/// </summary>
internal sealed class ParentSchema
{
    private static readonly string[] Paths = [EntryPaths.Toc, EntryPaths.PreData, EntryPaths.PostData];

    private readonly IncrementalBase _parent;
    private readonly ILogger _logger;
    private readonly Dictionary<string, IndexEntry> _files = new(StringComparer.Ordinal);
    private IReadOnlyList<TocEntry> _entries = [];

    /// <summary>Prepares the look at it; nothing is read yet.</summary>
    public ParentSchema(IncrementalBase parent, ILogger logger)
    {
        _parent = parent;
        _logger = logger;
        Known = parent.Manifest.Database?.SchemaFingerprint is { } fingerprint ? new KnownSchema(fingerprint, ReadAsync) : null;
    }

    /// <summary>What is offered to the snapshot; <see langword="null"/> where the parent has no fingerprint.</summary>
    public KnownSchema? Known { get; }

    /// <summary>The files of the parent that are also those of a schema, as entries to refer to, by their paths.</summary>
    public IReadOnlyDictionary<string, IndexEntry> SharedBy(DatabaseSchema schema)
    {
        if (schema.Origin != SchemaOrigin.Known)
        {
            return new Dictionary<string, IndexEntry>();
        }

        // The scripts say nothing of the positions of sequences; the table of contents does.
        var isMoved = !ReferenceEquals(schema.Entries, _entries);
        return _files.Values
            .Where(file => !isMoved || file.Path != EntryPaths.Toc)
            .ToDictionary(file => file.Path, file => file with { Backup = file.Backup ?? _parent.Id }, StringComparer.Ordinal);
    }

    // A parent that is damaged here is for whoever needs its other entries to find; what it would have spared is read.
    private async Task<DatabaseSchema?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var path in Paths)
            {
                if (await _parent.Reader.FindAsync(path, cancellationToken).ConfigureAwait(false) is not { } entry)
                {
                    return null;
                }

                _files[path] = entry;
            }

            var stream = await _parent.Reader.OpenEntryAsync(_files[EntryPaths.Toc], cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                var schema = await TocFile.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
                _entries = schema.Entries;
                return schema;
            }
        }
        catch (BackupException exception)
        {
            _logger.ParentSchemaUnreadable(_parent.Id.Value, exception.Message);
            return null;
        }
    }
}
