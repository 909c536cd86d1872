using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Verification;

/// <summary>Opens the backups that the verified one refers to, and says which are missing, damaged or other ones.</summary>
internal static class ReferencedArchives
{
    /// <summary>Opens them.</summary>
    /// <param name="sink">Where they are.</param>
    /// <param name="manifest">The manifest of the verified backup.</param>
    /// <param name="run">Takes what is found.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Those that are there and as they were.</returns>
    public static async ValueTask<Dictionary<BackupId, ArchiveReader>> OpenAsync(
        IBackupSink sink, BackupManifest manifest, VerificationRun run, CancellationToken cancellationToken)
    {
        var archives = new Dictionary<BackupId, ArchiveReader>();
        foreach (var reference in manifest.References ?? [])
        {
            var subject = ArchiveNames.InSink(reference.Id, ArchiveNames.Manifest);
            var what = $"{reference.Entries} entries of this backup lie in backup {reference.Id}";
            try
            {
                var archive = await ArchiveReader.OpenAsync(sink, reference.Id, cancellationToken).ConfigureAwait(false);
                if (archive.Manifest.Digest != reference.Digest)
                {
                    run.Find(
                        VerificationFindingKind.Inconsistent,
                        subject,
                        $"{what}, whose manifest has another digest than when they were referred to: {archive.Manifest.Digest}, not {reference.Digest}.");
                    continue;
                }

                archives.Add(reference.Id, archive);
            }
            catch (BackupNotFoundException)
            {
                run.Find(VerificationFindingKind.Missing, subject, $"{what}, which is not there.");
            }
            catch (ArchiveFormatException exception)
            {
                run.Find(VerificationFindingKind.Malformed, subject, $"{what}, whose manifest cannot be used: {exception.Message}");
            }
            catch (SinkException exception)
            {
                run.Find(VerificationFindingKind.Unreadable, subject, $"{what}, whose manifest cannot be read: {exception.Message}");
            }
        }

        return archives;
    }

    /// <summary>Looks whether the volumes are there that hold entries of the verified backup, and have their size.</summary>
    /// <param name="sink">Where they are.</param>
    /// <param name="archives">The backups that were opened.</param>
    /// <param name="volumes">Those volumes.</param>
    /// <param name="run">Takes what is found.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The volumes that can be read.</returns>
    /// <exception cref="SinkException">The sink cannot be listed.</exception>
    public static async ValueTask<List<ReferencedVolume>> FindVolumesAsync(
        IBackupSink sink,
        Dictionary<BackupId, ArchiveReader> archives,
        IEnumerable<ReferencedVolume> volumes,
        VerificationRun run,
        CancellationToken cancellationToken)
    {
        var found = new List<ReferencedVolume>();
        foreach (var backup in volumes.Where(volume => archives.ContainsKey(volume.Backup)).GroupBy(volume => volume.Backup))
        {
            var files = await RunFiles.ListAsync(sink, backup.Key, string.Empty, cancellationToken).ConfigureAwait(false);
            var records = archives[backup.Key].Manifest.Volumes.ToDictionary(record => record.Name);
            foreach (var volume in backup.Order())
            {
                var name = ArchiveNames.Volume(volume.Number);
                var subject = ArchiveNames.InSink(volume.Backup, name);
                if (!records.TryGetValue(name, out var record))
                {
                    run.Find(VerificationFindingKind.Inconsistent, subject, "Entries of this backup are said to lie there; that backup has no such volume.");
                }
                else if (!files.TryGetValue(name, out var actual))
                {
                    run.Find(VerificationFindingKind.Missing, subject, "Entries of this backup lie there, and it is not there.");
                }
                else if (actual != record.Bytes)
                {
                    run.Find(VerificationFindingKind.WrongSize, subject, $"Entries of this backup lie there; it has {actual} bytes, its manifest says {record.Bytes}.");
                }
                else
                {
                    found.Add(volume);
                }
            }
        }

        return found;
    }
}
