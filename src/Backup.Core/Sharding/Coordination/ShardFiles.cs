using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Backup.Core.Sinks;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Sharding.Coordination;

/// <summary>Deletes what attempts at shards have left that nobody takes in.</summary>
internal sealed class ShardFiles(IBackupSink sink, BackupId id, ILogger logger)
{
    /// <summary>Deletes the files of an attempt whose worker writes no more. Never throws: what cannot be deleted is logged, and no manifest will name it.</summary>
    public async ValueTask DeleteAsync(ShardAttempt attempt)
    {
        var files = attempt.Files;
        try
        {
            foreach (var file in files.Reverse())
            {
                await sink.DeleteAsync(ArchiveNames.InSink(id, file), CancellationToken.None).ConfigureAwait(false);
            }

            // What a killed worker was writing has no name yet. Others write into the same folder, but not under these numbers.
            (sink as IPartialFiles)?.RemovePartials(
                id.Value, (name, _) => files.Any(file => name.StartsWith(file + ".", StringComparison.Ordinal)));
        }
        catch (Exception exception)
        {
            logger.FilesLeft(id.Value, string.Join(", ", files), exception);
        }
    }
}
