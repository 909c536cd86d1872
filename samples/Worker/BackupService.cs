using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Verification;
using Cronos;
using Microsoft.Extensions.Options;

namespace Worker;

/// <summary>Waits for the next time of the schedule and takes a backup, one after another, until the host stops.</summary>
public sealed partial class BackupService(
    IBackupPipeline pipeline, BackupVerifier verifier, IOptions<WorkerOptions> options, TimeProvider timeProvider, ILogger<BackupService> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly CronExpression _schedule = CronExpression.Parse(options.Value.Schedule);
    private readonly TimeZoneInfo _timeZone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
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
            var result = await pipeline.RunAsync(new BackupRequest(), cancellationToken: stoppingToken);
            if (options.Value.Verify)
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

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "The next backup is due at {Next:u}")]
    private partial void LogNext(DateTimeOffset next);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Waiting for the next time of the schedule. {Hint}")]
    private partial void LogFailed(string hint);
}
