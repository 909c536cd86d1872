using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Verification;

/// <summary>
/// Compares every entry that another backup holds with the index of that backup and, where asked to, unpacks it there. Holds a bounded
/// number of entries at a time: where there are more the references are read several times. Used once, by one caller.
/// </summary>
internal sealed class ReferencesCheck(
    IBackupSink sink, ArchiveReader archive, VerificationRun run, TableCounts tables, ObjectCounts objects, bool isFull, int parallelism)
{
    // Some 25 MB. The entries of one volume are held together, however many it has.
    private const int MaxEntriesAtOnce = 250_000;

    // Of backups that lines name and the manifest does not, and of volumes that are none, so many are told of.
    private const int MaxForeign = 100;

    private BackupManifest Manifest => archive.Manifest;

    /// <summary>Runs the check; that the references can be read to their end has been checked already.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="SinkException">The sink cannot be listed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (Manifest.References is not { Count: > 0 })
        {
            return;
        }

        var archives = await ReferencedArchives.OpenAsync(sink, Manifest, run, cancellationToken).ConfigureAwait(false);
        var counts = await CountAsync(archives, cancellationToken).ConfigureAwait(false);
        var volumes = await ReferencedArchives.FindVolumesAsync(sink, archives, counts.Keys, run, cancellationToken).ConfigureAwait(false);
        volumes.RemoveAll(volume => IsBeyondAll(volume, counts[volume]));
        foreach (var batch in BatchesOf(volumes, counts))
        {
            var entries = await CollectAsync(batch, cancellationToken).ConfigureAwait(false);
            await Parallel.ForEachAsync(
                batch,
                new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
                async (volume, token) => await CheckAsync(archives[volume.Backup], volume, entries[volume], token).ConfigureAwait(false))
                .ConfigureAwait(false);
        }
    }

    // Of what is named and is not there no more is kept than it takes to say that: lines may lie.
    private async ValueTask<Dictionary<ReferencedVolume, long>> CountAsync(
        Dictionary<BackupId, ArchiveReader> archives, CancellationToken cancellationToken)
    {
        var mostVolumes = archives.Values.Sum(other => (long)other.Manifest.Volumes.Count) + MaxForeign;
        var volumes = new Dictionary<ReferencedVolume, long>();
        var backups = Manifest.References!.ToDictionary(reference => reference.Id, _ => (Entries: 0L, StoredBytes: UInt128.Zero));
        var mostBackups = backups.Count + MaxForeign;
        await foreach (var entry in archive.ReadReferencesAsync(cancellationToken).ConfigureAwait(false))
        {
            var volume = ReferencedVolume.Of(entry);
            if (archives.ContainsKey(volume.Backup) && (volumes.Count < mostVolumes || volumes.ContainsKey(volume)))
            {
                volumes[volume] = volumes.GetValueOrDefault(volume) + 1;
            }

            if (backups.Count < mostBackups || backups.ContainsKey(volume.Backup))
            {
                var (entries, bytes) = backups.GetValueOrDefault(volume.Backup);
                backups[volume.Backup] = (entries + 1, bytes + (UInt128)entry.StoredBytes);
            }
        }

        foreach (var reference in Manifest.References!)
        {
            var (entries, bytes) = backups.GetValueOrDefault(reference.Id);
            backups.Remove(reference.Id);
            if (entries != reference.Entries || bytes != (UInt128)reference.StoredBytes)
            {
                run.Find(
                    VerificationFindingKind.Inconsistent,
                    ArchiveNames.Manifest,
                    $"It says that backup {reference.Id} holds {reference.Entries} entries with {reference.StoredBytes} bytes, the references {entries} with {bytes}.");
            }
        }

        foreach (var id in backups.Keys.Order())
        {
            run.Find(VerificationFindingKind.Inconsistent, ArchiveNames.Manifest, $"The references name backup {id}, which it does not name.");
        }

        return volumes;
    }

    // Its entries are held together, so that there must be a bound.
    private bool IsBeyondAll(ReferencedVolume volume, long entries)
    {
        if (entries <= ArchiveLimits.MaxEntriesPerVolume)
        {
            return false;
        }

        run.Find(
            VerificationFindingKind.Inconsistent,
            ArchiveNames.InSink(volume.Backup, ArchiveNames.Volume(volume.Number)),
            $"{entries} entries of this backup are said to lie there; a volume holds {ArchiveLimits.MaxEntriesPerVolume} at the most.");
        return true;
    }

    private static IEnumerable<List<ReferencedVolume>> BatchesOf(IEnumerable<ReferencedVolume> volumes, Dictionary<ReferencedVolume, long> counts)
    {
        var batch = new List<ReferencedVolume>();
        var entries = 0L;
        foreach (var volume in volumes)
        {
            if (batch.Count > 0 && entries + counts[volume] > MaxEntriesAtOnce)
            {
                yield return batch;
                batch = [];
                entries = 0;
            }

            batch.Add(volume);
            entries += counts[volume];
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private async ValueTask<Dictionary<ReferencedVolume, List<ReferencedEntry>>> CollectAsync(
        List<ReferencedVolume> batch, CancellationToken cancellationToken)
    {
        var entries = batch.ToDictionary(volume => volume, _ => new List<ReferencedEntry>());
        await foreach (var entry in archive.ReadReferencesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entries.TryGetValue(ReferencedVolume.Of(entry), out var list))
            {
                list.Add(new ReferencedEntry(
                    VolumeEntry.Of(entry with { Path = entry.PathInVolume }), tables.FindTable(entry), objects.IsObject(entry.Path)));
            }
        }

        foreach (var list in entries.Values)
        {
            list.Sort(static (left, right) => left.Entry.Offset.CompareTo(right.Entry.Offset));
        }

        return entries;
    }

    private async ValueTask CheckAsync(
        ArchiveReader other, ReferencedVolume volume, List<ReferencedEntry> entries, CancellationToken cancellationToken)
    {
        var check = new ReferencedVolumeCheck(sink, archive, other, volume, entries, run, tables);
        await using var disposal = check.ConfigureAwait(false);
        await check.CompareIndexAsync(cancellationToken).ConfigureAwait(false);
        if (isFull)
        {
            await check.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
