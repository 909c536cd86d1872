using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Pipeline.Suspension;

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
        RequestRules.Check(request, hasWorkers: parts.Distribution is not null);
        var id = request.Resume ?? BackupId.Create(parts.TimeProvider.GetUtcNow());
        var runProgress = new RunProgress(id, progress, parts.TimeProvider, parts.Logger, parts.Instruments);
        var location = parts.Sink.Capabilities.Location;
        using var operation = new OperationTelemetry(
            parts.Instruments, TelemetryValues.Backup, BackupTelemetry.RunSpan, location, parts.TimeProvider);
        operation.Span?.SetTag(BackupTelemetry.IdAttribute, id.Value);
        await using (runProgress.ConfigureAwait(false))
        {
            var run = new BackupRun(parts, request, id, runProgress);
            try
            {
                var result = await run.ExecuteAsync(cancellationToken).ConfigureAwait(false);
                runProgress.Enter(BackupPhase.Done);
                operation.Span?.SetTag(BackupTelemetry.DatabaseAttribute, result.Manifest?.Database?.Name);
                operation.Complete(WordOf(result.Outcome));
                return result;
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                operation.Fail(exception);
                parts.Logger.RunCancelled(id.Value);

                // The token of a stage means nothing to the caller.
                throw new OperationCanceledException(
                    run.CanBeResumed ? $"The backup was cancelled. {ResumeAdvice(id)}" : "The backup was cancelled.", exception, cancellationToken);
            }
            catch (OperationCanceledException exception)
            {
                // Nobody asked for it: some part gave up waiting by itself, and says so in the words of a cancellation.
                var failure = new BackupTimeoutException($"The backup was given up from within: {exception.Message}", exception);
                if (run.CanBeResumed)
                {
                    failure.AddHint(ResumeAdvice(id));
                }

                operation.Fail(failure);
                parts.Logger.RunFailed(id.Value, failure);
                throw failure;
            }
            catch (Exception exception)
            {
                if (exception is BackupException fault && run.CanBeResumed)
                {
                    fault.AddHint(ResumeAdvice(id));
                }

                operation.Fail(exception);
                parts.Logger.RunFailed(id.Value, exception);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<BackupPreview> PreviewAsync(
        BackupRequest request, IProgress<BackupProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (request.IsResumable)
        {
            throw new ArgumentException(
                $"A preview cannot be resumed: set neither {nameof(request.Resumable)}, {nameof(request.TimeBudget)} nor {nameof(request.Resume)}.",
                nameof(request));
        }

        request = request with { Incremental = true, IsPreview = true };
        RequestRules.Check(request, hasWorkers: parts.Distribution is not null);
        var id = BackupId.Create(parts.TimeProvider.GetUtcNow());
        var runProgress = new RunProgress(id, progress, parts.TimeProvider, parts.Logger);
        await using (runProgress.ConfigureAwait(false))
        {
            var reading = parts with { Sink = new PreviewSink(parts.Sink), Compressor = new NoCompressor() };
            try
            {
                var result = await new BackupRun(reading, request, id, runProgress).ExecuteAsync(cancellationToken).ConfigureAwait(false);
                runProgress.Enter(BackupPhase.Done);
                return new BackupPreview
                {
                    Kind = result.Kind,
                    KindReason = result.KindReason,
                    Parent = result.Parent,
                    Changes = result.Changes!,
                    Failures = result.Failures,
                    Duration = result.Duration,
                };
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The preview was cancelled.", exception, cancellationToken);
            }
        }
    }

    private static string WordOf(BackupOutcome outcome) => outcome switch
    {
        BackupOutcome.Complete => TelemetryValues.Complete,
        BackupOutcome.Suspended => TelemetryValues.Suspended,
        _ => TelemetryValues.CompletedWithFailures,
    };

    private static string ResumeAdvice(BackupId id) =>
        $"What it has made durable stays: resume it as {id} ({nameof(BackupRequest)}.{nameof(BackupRequest.Resume)}, or --resume {id}).";
}
