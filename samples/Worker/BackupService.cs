using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Verification;
using Cronos;
using Microsoft.Extensions.Options;

namespace Worker;

/// <summary>
/// Waits for the next time of the schedule and takes a backup, one after another, until the host stops. A run that the host's stop or
/// a crash has interrupted is taken up again when the service starts; one that its time budget has suspended, at the next time.
/// </summary>
public sealed partial class BackupService(
    IBackupPipeline pipeline,
    BackupCatalog catalog,
    BackupVerifier verifier,
    IOptions<WorkerOptions> options,
    TimeProvider timeProvider,
    ILogger<BackupService> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CronExpression _schedule = CronExpression.Parse(options.Value.Schedule);
    private readonly TimeZoneInfo _timeZone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await FindUnfinishedAsync(stoppingToken) is not null)
        {
            await BackUpAsync(stoppingToken);
        }

        while (_schedule.GetNextOccurrence(timeProvider.GetUtcNow(), _timeZone) is { } next)
        {
            LogNext(next);
            await WaitUntilAsync(next, stoppingToken);
            await BackUpAsync(stoppingToken);
        }
    }

    // A timer holds 49 days at the most, and a yearly schedule is longer.
    private async Task WaitUntilAsync(DateTimeOffset time, CancellationToken stoppingToken)
    {
        while (time - timeProvider.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            await Task.Delay(left < LongestWait ? left : LongestWait, timeProvider, stoppingToken);
        }
    }

    private async Task BackUpAsync(CancellationToken stoppingToken)
    {
        try
        {
            var result = await RunAsync(await FindUnfinishedAsync(stoppingToken), stoppingToken);
            if (options.Value.Verify && result.Outcome != BackupOutcome.Suspended)
            {
                await verifier.VerifyAsync(result.Id, cancellationToken: stoppingToken);
            }
        }
        catch (BackupException exception)
        {
            // The library has logged it and the health check will tell; tonight's failure must not be the end of all later nights.
            LogFailed(exception.Hint ?? "There is no advice.");
        }
    }

    private async Task<BackupResult> RunAsync(BackupId? unfinished, CancellationToken stoppingToken)
    {
        var request = new BackupRequest { Resumable = true, Resume = unfinished, TimeBudget = options.Value.TimeBudget };
        try
        {
            return await pipeline.RunAsync(request, cancellationToken: stoppingToken);
        }
        catch (BackupException exception) when (unfinished is not null && CanNeverBeResumed(exception))
        {
            // Of other tables, or damaged: whatever stands in its way, there must be a backup tonight.
            LogNotResumed(unfinished.Value, exception.Message);
            return await pipeline.RunAsync(request with { Resume = null }, cancellationToken: stoppingToken);
        }
    }

    // Another process that has the run, and a night that was too short for anything, are no reason to lose what is stored.
    private static bool CanNeverBeResumed(BackupException exception) =>
        exception is (ResumeException or ArchiveFormatException) and { IsTransient: false, Category: not ErrorCategory.TimeOut };

    private async Task<BackupId?> FindUnfinishedAsync(CancellationToken stoppingToken)
    {
        try
        {
            return (await catalog.ListResumableAsync(stoppingToken)) is [var newest, ..] ? newest : null;
        }
        catch (SinkException exception)
        {
            LogFailed(exception.Message);
            return null;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The next backup is due at {Next:u}")]
    private partial void LogNext(DateTimeOffset next);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Backup {Id} is begun anew under another id: {Reason}")]
    private partial void LogNotResumed(BackupId id, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Waiting for the next time of the schedule. {Hint}")]
    private partial void LogFailed(string hint);
}
