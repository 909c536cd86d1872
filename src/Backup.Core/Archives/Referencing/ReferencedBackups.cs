using System.Collections.Concurrent;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Archives.Zip;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Referencing;

/// <summary>
/// Finds the volumes of other backups that hold bytes of one. Each is opened when it is first needed, and of its manifest only the
/// volumes are kept. Several threads may ask at once.
/// </summary>
internal sealed class ReferencedBackups(IBackupSink sink, BackupManifest manifest)
{
    private readonly ConcurrentDictionary<BackupId, BackupVolumes> _opened = new();

    /// <summary>Opens all of them.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BackupNotFoundException">One is not there.</exception>
    /// <exception cref="ArchiveFormatException">One is damaged, or is not the one that was referenced.</exception>
    public async ValueTask OpenAllAsync(CancellationToken cancellationToken)
    {
        foreach (var reference in manifest.References ?? [])
        {
            await OpenAsync(reference.Id, $"{reference.Entries} entries", cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks whether the volumes are there that hold entries, so that one that is missing is known before anything is read.</summary>
    /// <param name="entries">The entries that are needed; one of each volume is kept in memory.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BackupNotFoundException">A backup is not there.</exception>
    /// <exception cref="ArchiveFormatException">One is damaged, is not the one that was referenced, or lacks a volume.</exception>
    public async ValueTask ConfirmAsync(IAsyncEnumerable<IndexEntry> entries, CancellationToken cancellationToken)
    {
        var needed = new Dictionary<BackupId, Dictionary<int, (VolumeRecord Volume, IndexEntry Entry)>>();
        await foreach (var entry in entries.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            var id = entry.Backup ?? throw new ArgumentException($"{entry.Path} lies in no other backup.", nameof(entries));
            if (needed.TryGetValue(id, out var volumes) && volumes.ContainsKey(entry.Volume))
            {
                continue;
            }

            // At once, so that lines which name what there is not cannot fill the memory.
            var record = await FindRecordAsync(entry, cancellationToken).ConfigureAwait(false);
            if (volumes is null)
            {
                needed.Add(id, volumes = []);
            }

            volumes.Add(entry.Volume, (record, entry));
        }

        foreach (var (id, entryOfVolume) in needed)
        {
            var files = await RunFiles.ListAsync(sink, id, ArchiveNames.VolumePrefix, cancellationToken).ConfigureAwait(false);
            foreach (var (volume, entry) in entryOfVolume.Values)
            {
                if (files.GetValueOrDefault(volume.Name, -1) is var bytes && bytes != volume.Bytes)
                {
                    var what = bytes < 0 ? "is missing" : $"has {bytes} bytes and not {volume.Bytes}";
                    throw Damaged(entry.Path, $"Backup {manifest.Id} keeps {entry.Path} in {ArchiveNames.InSink(id, volume.Name)}, which {what}");
                }
            }
        }
    }

    /// <summary>Finds the volume of another backup that holds an entry.</summary>
    /// <param name="entry">The entry, which has <see cref="IndexEntry.Backup"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="BackupNotFoundException">That backup is not there.</exception>
    /// <exception cref="ArchiveFormatException">It is damaged, is not the one that was referenced, or has no such volume.</exception>
    public async ValueTask<ZipVolumeReader> FindVolumeAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        var volumes = await OpenAsync(entry, cancellationToken).ConfigureAwait(false);
        return volumes.Find(entry.Volume) ?? throw NoSuchVolume(entry);
    }

    /// <summary>What to throw where the file is gone that holds an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="exception">What the sink says.</param>
    public ArchiveFormatException Missing(IndexEntry entry, SinkException exception) => Damaged(
        entry.Path,
        $"Backup {manifest.Id} keeps {entry.Path} in volume {entry.Volume} of backup {entry.Backup}, which is missing: {exception.Message}",
        exception);

    private async ValueTask<VolumeRecord> FindRecordAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        var volumes = await OpenAsync(entry, cancellationToken).ConfigureAwait(false);
        return volumes.FindRecord(entry.Volume) ?? throw NoSuchVolume(entry);
    }

    private ValueTask<BackupVolumes> OpenAsync(IndexEntry entry, CancellationToken cancellationToken) =>
        OpenAsync(entry.Backup ?? throw new ArgumentException($"{entry.Path} lies in no other backup.", nameof(entry)), entry.Path, cancellationToken);

    private async ValueTask<BackupVolumes> OpenAsync(BackupId id, string what, CancellationToken cancellationToken)
    {
        if (_opened.TryGetValue(id, out var volumes))
        {
            return volumes;
        }

        var reference = manifest.References?.FirstOrDefault(reference => reference.Id == id)
            ?? throw Damaged(what, $"Backup {manifest.Id} places {what} in backup {id}, which its manifest does not reference");
        var other = await ReadAsync(id, what, cancellationToken).ConfigureAwait(false);
        if (other.Digest != reference.Digest)
        {
            throw Damaged(
                id.Value,
                $"Backup {manifest.Id} keeps {what} in backup {id}, whose manifest has another digest than it had then: {other.Digest}, not {reference.Digest}");
        }

        // Whoever asked for it at the same time has read the same.
        return _opened.GetOrAdd(id, new BackupVolumes(sink, id, other.Volumes));
    }

    private async ValueTask<BackupManifest> ReadAsync(BackupId id, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await ManifestFile.ReadAsync(sink, id, cancellationToken).ConfigureAwait(false);
        }
        catch (BackupNotFoundException exception)
        {
            throw new BackupNotFoundException(
                $"Backup {manifest.Id} keeps {what} in backup {id}, and {sink.Capabilities.Location} holds no finished backup {id}.", exception)
            {
                Subject = id.Value,
                Hint = "Put its folder back from where it was copied or moved to; without it only what the other backups hold can be read.",
            };
        }
        catch (ArchiveFormatException exception) when (exception is not UnsupportedFormatVersionException)
        {
            throw Damaged(id.Value, $"Backup {manifest.Id} keeps {what} in backup {id}, whose manifest cannot be used: {exception.Message}", exception);
        }
    }

    private ArchiveFormatException NoSuchVolume(IndexEntry entry) => Damaged(
        entry.Path, $"Backup {manifest.Id} places {entry.Path} in volume {entry.Volume} of backup {entry.Backup}, which has no such volume");

    private static ArchiveFormatException Damaged(string subject, string what, Exception? exception = null) =>
        new(exception is null ? $"{what}." : what, exception)
        {
            Subject = subject,
            Hint = "Put that backup's files back from another copy, and verify it; or use another backup.",
        };
}
