using Backup.Core.Sinks;

namespace Backup.Core.Archives.Resuming;

/// <summary>The files in the folder of one backup, as the sink lists them.</summary>
internal static class RunFiles
{
    /// <summary>Lists the folder.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="prefix">How the names inside the folder begin; empty for all.</param>
    /// <param name="cancellationToken">Cancels the listing.</param>
    /// <returns>The sizes by the names inside the folder.</returns>
    public static async ValueTask<Dictionary<string, long>> ListAsync(
        IBackupSink sink, BackupId id, string prefix, CancellationToken cancellationToken)
    {
        var folder = id.Value + "/";
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var item in sink.ListAsync(folder + prefix, cancellationToken).ConfigureAwait(false))
        {
            files[item.Name[folder.Length..]] = item.Bytes;
        }

        return files;
    }

    /// <summary>Removes what a killed process was writing into the folder of a run whose lease the caller holds.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="now">The time.</param>
    public static void RemovePartials(IBackupSink sink, BackupId id, DateTimeOffset now) =>
        (sink as IPartialFiles)?.RemovePartials(
            id.Value,
            (name, writtenAt) => !name.StartsWith(ArchiveNames.LeasePrefix, StringComparison.Ordinal)

                // The caller's own lease is renewed meanwhile.
                || now - writtenAt > RunLease.Length);
}
