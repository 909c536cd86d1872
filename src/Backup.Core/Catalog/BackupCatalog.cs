using System.Runtime.CompilerServices;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Catalog;

/// <summary>Lists and finds the finished backups of a sink. Safe for several threads.</summary>
public sealed class BackupCatalog
{
    /// <summary>The word that stands for the newest backup.</summary>
    public const string Latest = "latest";

    private const string ManifestSuffix = "/manifest.json";
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
    /// manifest is damaged is listed with its <see cref="CatalogEntry.Damage"/>.
    /// </summary>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The backups; none when the sink holds none.</returns>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    public async Task<IReadOnlyList<CatalogEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        var entries = new List<CatalogEntry>();
        await foreach (var entry in ReadNewestFirstAsync(cancellationToken).ConfigureAwait(false))
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>The finished backups, newest first, each read when it is asked for.</summary>
    internal async IAsyncEnumerable<CatalogEntry> ReadNewestFirstAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var id in await ListIdsAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return await ReadAsync(id, cancellationToken).ConfigureAwait(false);
        }
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
        var ids = await ListIdsAsync(cancellationToken).ConfigureAwait(false);
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
        var latest = await ReadAsync(ids[0], cancellationToken).ConfigureAwait(false);
        if (latest.Damage is null)
        {
            return latest.Manifest!;
        }

        // Going on to an older backup would hide that the newest one is lost.
        foreach (var id in ids.Skip(1))
        {
            if ((await ReadAsync(id, cancellationToken).ConfigureAwait(false)).Damage is null)
            {
                throw new ArchiveFormatException($"The latest backup, {latest.Id}, is damaged: {latest.Damage.Message}", latest.Damage)
                {
                    Subject = latest.Id.Value,
                    Hint = $"The newest backup with an intact manifest is {id}: name it to use it.",
                };
            }
        }

        throw latest.Damage;
    }

    private async Task<List<BackupId>> ListIdsAsync(CancellationToken cancellationToken)
    {
        var ids = new List<BackupId>();
        await foreach (var item in _sink.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            if (item.Name.EndsWith(ManifestSuffix, StringComparison.Ordinal)
                && BackupId.TryParse(item.Name[..^ManifestSuffix.Length], out var id))
            {
                ids.Add(id);
            }
        }

        ids.Sort();
        ids.Reverse();
        return ids;
    }

    private async Task<CatalogEntry> ReadAsync(BackupId id, CancellationToken cancellationToken)
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
