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
        var runProgress = new RunProgress(id, progress, parts.TimeProvider, parts.Logger, parts.Instruments);
        var location = parts.Sink.Capabilities.Location;
        using var operation = new OperationTelemetry(
            parts.Instruments, TelemetryValues.Backup, BackupTelemetry.RunSpan, location, parts.TimeProvider);
        operation.Span?.SetTag(BackupTelemetry.IdAttribute, id.Value);
        await using (runProgress.ConfigureAwait(false))
        {
            try
            {
                var result = await new BackupRun(parts, request, id, runProgress)
                    .ExecuteAsync(cancellationToken).ConfigureAwait(false);
                runProgress.Enter(BackupPhase.Done);
                operation.Span?.SetTag(BackupTelemetry.DatabaseAttribute, result.Manifest.Database?.Name);
                operation.Complete(WordOf(result.Outcome));
                return result;
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                operation.Fail(exception);
                parts.Logger.RunCancelled(id.Value);

                // The token of a stage means nothing to the caller.
                throw new OperationCanceledException("The backup was cancelled.", exception, cancellationToken);
            }
            catch (Exception exception)
            {
                operation.Fail(exception);
                parts.Logger.RunFailed(id.Value, exception);
                throw;
            }
        }
    }

    private static string WordOf(BackupOutcome outcome) =>
        outcome == BackupOutcome.Complete ? TelemetryValues.Complete : TelemetryValues.CompletedWithFailures;
}
