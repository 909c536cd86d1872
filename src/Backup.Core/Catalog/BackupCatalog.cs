using System.Runtime.CompilerServices;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog;

/// <summary>Lists and finds the finished backups of a sink. Safe for several threads.</summary>
public sealed class BackupCatalog
{
    /// <summary>The word that stands for the newest backup.</summary>
    public const string Latest = "latest";

    private const int NamedInErrors = 3;

    private readonly IBackupSink _sink;

    /// <summary>Creates a catalog.</summary>
    /// <param name="sink">Where the backups are; stays the caller's.</param>
    public BackupCatalog(IBackupSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
    }

    /// <summary>
    /// Lists the finished backups, newest first. A run that did not finish is no backup and not listed; a backup whose
    /// manifest is damaged is listed with its <see cref="CatalogEntry.Damage"/>, one that lacks files, or whose files were cut short, with its
    /// <see cref="CatalogEntry.DamagedFiles"/>: no file but the manifests is read.
    /// </summary>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The backups; none when the sink holds none.</returns>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    public async Task<IReadOnlyList<CatalogEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        var folders = await RunFolders.ListAsync(_sink, cancellationToken)
            .Where(folder => folder.IsCommitted)
            .ToDictionaryAsync(folder => folder.Id, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        var entries = new List<CatalogEntry>();
        await foreach (var entry in ReadAsync(folders.Keys.OrderDescending(), cancellationToken).ConfigureAwait(false))
        {
            var folder = folders[entry.Id];
            entries.Add(entry with
            {
                IsMarked = folder.IsMarked,
                DamagedFiles = entry.Manifest is { } manifest ? [.. folder.DamagedFilesOf(manifest)] : [],
            });
        }

        // Only who has seen all of them knows which of their references are broken.
        var graph = BackupGraph.Of(entries);
        return [.. entries.Select(entry => entry with { BrokenReferences = graph.BrokenReferencesOf(entry.Id) })];
    }

    /// <summary>
    /// The finished backups, newest first, each read when it is asked for, so that broken references are not known, nor damaged files: of all
    /// backups the sizes of all files would have to be held.
    /// </summary>
    internal async IAsyncEnumerable<CatalogEntry> ReadNewestFirstAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (ids, marked) = await ListFilesAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var entry in ReadAsync(ids, cancellationToken).ConfigureAwait(false))
        {
            yield return entry with { IsMarked = marked.Contains(entry.Id) };
        }
    }

    /// <summary>Finds the files of one backup that are not there, or not of the size that its manifest says.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    internal async Task<IReadOnlyList<DamagedFile>> FindDamagedFilesAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var files = await RunFiles.ListAsync(_sink, manifest.Id, string.Empty, cancellationToken).ConfigureAwait(false);
        return [.. new RunFolder(manifest.Id, files).DamagedFilesOf(manifest)];
    }

    /// <summary>Finds the references of one backup that cannot give what they should, without looking at other backups.</summary>
    /// <param name="manifest">The backup.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    internal async Task<IReadOnlyList<BrokenReference>> FindBrokenReferencesAsync(BackupManifest manifest, CancellationToken cancellationToken)
    {
        var nodes = new List<BackupNode> { BackupNode.Of(manifest) };
        foreach (var reference in manifest.References ?? [])
        {
            if (await ReadAsync(reference.Id, cancellationToken).ConfigureAwait(false) is { } entry)
            {
                nodes.Add(BackupNode.Of(entry));
            }
        }

        return new BackupGraph(nodes).BrokenReferencesOf(manifest.Id);
    }

    /// <summary>Finds one backup.</summary>
    /// <param name="reference">A backup's id, or <see cref="Latest"/> for the newest.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>What the backup says of itself.</returns>
    /// <exception cref="BackupNotFoundException">There is no such backup; the message names the nearest ones.</exception>
    /// <exception cref="ArchiveFormatException">The backup's manifest is damaged.</exception>
    /// <exception cref="UnsupportedFormatVersionException">A newer major version of the library wrote it.</exception>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    public async Task<BackupManifest> FindAsync(string reference, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reference);
        var (ids, _) = await ListFilesAsync(cancellationToken).ConfigureAwait(false);
        if (ids.Count == 0)
        {
            throw new BackupNotFoundException($"There is no finished backup in {_sink.Capabilities.Location}.")
            {
                Subject = reference,
                Hint = "Check the location; a run that was interrupted leaves no backup.",
            };
        }

        if (string.Equals(reference, Latest, StringComparison.OrdinalIgnoreCase))
        {
            return await ReadLatestAsync(ids, cancellationToken).ConfigureAwait(false);
        }

        if (BackupId.TryParse(reference, out var id) && ids.Contains(id))
        {
            return await ManifestFile.ReadAsync(_sink, id, cancellationToken).ConfigureAwait(false);
        }

        throw NotFound(reference, ids);
    }

    /// <summary>
    /// Lists the runs that did not come to their end and can be resumed, newest first: suspended, failed or killed after they had made a
    /// volume durable. Runs that another process is at work on are among them: whoever finds one resumes it and is refused, rather than
    /// begin a second run beside it. <see cref="AbandonedRuns.ListAsync"/> tells the two apart.
    /// </summary>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>What <c>BackupRequest.Resume</c> takes; none when the sink holds no such run.</returns>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    public async Task<IReadOnlyList<BackupId>> ListResumableAsync(CancellationToken cancellationToken = default)
    {
        var resumable = new List<BackupId>();
        await foreach (var folder in RunFolders.ListAsync(_sink, cancellationToken).ConfigureAwait(false))
        {
            // Checkpoints beside a manifest are what a process left that died right after its commit.
            if (!folder.IsCommitted && folder.LastCheckpoint is not null)
            {
                resumable.Add(folder.Id);
            }
        }

        resumable.Reverse();
        return resumable;
    }

    private async Task<BackupManifest> ReadLatestAsync(List<BackupId> ids, CancellationToken cancellationToken)
    {
        CatalogEntry? damaged = null;
        await foreach (var entry in ReadAsync(ids, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Manifest is { } manifest)
            {
                return damaged is null ? manifest : throw LatestIsDamaged(damaged, manifest.Id);
            }

            damaged ??= entry;
        }

        throw damaged?.Damage ?? (BackupException)NotFound(Latest, ids);
    }

    // Going on to an older backup would hide that the newest one is lost.
    private static ArchiveFormatException LatestIsDamaged(CatalogEntry latest, BackupId intact) =>
        new($"The latest backup, {latest.Id}, is damaged: {latest.Damage!.Message}", latest.Damage)
        {
            Subject = latest.Id.Value,
            Hint = $"The newest backup with an intact manifest is {intact}: name it to use it.",
        };

    private async Task<(List<BackupId> Ids, HashSet<BackupId> Marked)> ListFilesAsync(CancellationToken cancellationToken)
    {
        var ids = new List<BackupId>();
        var marked = new HashSet<BackupId>();
        await foreach (var item in _sink.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            var slash = item.Name.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !BackupId.TryParse(item.Name[..slash], out var id))
            {
                continue;
            }

            switch (item.Name[(slash + 1)..])
            {
                case ArchiveNames.Manifest:
                    ids.Add(id);
                    break;
                case ArchiveNames.PruneMark:
                    marked.Add(id);
                    break;
            }
        }

        ids.Sort();
        ids.Reverse();
        return (ids, marked);
    }

    // Ids of one second are in no order: what began later is newer, and of what is damaged nobody knows that it is not. A merged backup began when
    // the one did that it stands for, and has an id behind it.
    private async IAsyncEnumerable<CatalogEntry> ReadAsync(
        IEnumerable<BackupId> newestFirst, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var second in newestFirst.GroupBy(id => id.StartedAt))
        {
            var entries = new List<CatalogEntry>();
            foreach (var id in second)
            {
                if (await ReadAsync(id, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    entries.Add(entry);
                }
            }

            foreach (var entry in entries.OrderByDescending(entry => entry.Manifest?.StartedAt ?? DateTimeOffset.MaxValue))
            {
                yield return entry;
            }
        }
    }

    private async Task<CatalogEntry?> ReadAsync(BackupId id, CancellationToken cancellationToken)
    {
        try
        {
            return new CatalogEntry
            {
                Id = id,
                Manifest = await ManifestFile.ReadAsync(_sink, id, cancellationToken).ConfigureAwait(false),
            };
        }
        catch (ArchiveFormatException damage)
        {
            return new CatalogEntry { Id = id, Damage = damage };
        }
        catch (BackupException exception) when (exception is BackupNotFoundException or SinkException { IsNotFound: true })
        {
            // Removed since it was listed.
            return null;
        }
    }

    private BackupNotFoundException NotFound(string reference, List<BackupId> ids)
    {
        var near = ids
            .OrderByDescending(id => CommonPrefix(id.Value, reference))
            .Take(NamedInErrors)
            .Select(id => id.Value);
        return new BackupNotFoundException($"There is no backup '{reference}' in {_sink.Capabilities.Location}.")
        {
            Subject = reference,
            Hint = $"It holds {ids.Count}, the nearest being {string.Join(", ", near)}; '{Latest}' takes the newest, {ids[0]}.",
        };
    }

    private static int CommonPrefix(string left, string right) => left.AsSpan().CommonPrefixLength(right);
}
