using Backup.Core.Archives;
using Backup.Core.Diagnostics;

namespace Backup.Core.Pipeline;

/// <summary>Runs backups one by one or side by side; everything that a run changes is in <see cref="BackupRun"/>.</summary>
internal sealed class BackupPipeline(PipelineParts parts) : IBackupPipeline
{
    /// <inheritdoc/>
    public async Task<BackupResult> RunAsync(
        BackupRequest request, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        var id = BackupId.Create(parts.TimeProvider.GetUtcNow());
        var runProgress = new RunProgress(id, progress, parts.TimeProvider, parts.Logger);
        await using (runProgress.ConfigureAwait(false))
        {
            try
            {
                var result = await new BackupRun(parts, request, id, runProgress)
                    .ExecuteAsync(cancellationToken).ConfigureAwait(false);
                runProgress.Enter(BackupPhase.Done);
                return result;
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                parts.Logger.RunCancelled(id.Value);

                // The token of a stage means nothing to the caller.
                throw new OperationCanceledException("The backup was cancelled.", exception, cancellationToken);
            }
            catch (Exception exception)
            {
                parts.Logger.RunFailed(id.Value, exception);
                throw;
            }
        }
    }
}
