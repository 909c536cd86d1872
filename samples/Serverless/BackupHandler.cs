using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;

namespace Serverless;

/// <summary>A function with a deadline: each invocation goes on with the run that the last one suspended, or begins one.</summary>
/// <remarks>
/// It keeps nothing between two invocations; all that it needs to know lies in the sink. An invocation that was killed is no other case
/// than one that was suspended: the next one goes on after the last volume that was durable.
/// </remarks>
public sealed class BackupHandler(BackupSettings settings, IBackupSink sink, TimeProvider? timeProvider = null)
{
    // For the start of the host, which its clock has counted already, and for the reply.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    // With less a run has hardly opened its snapshot when it has to stop.
    private static readonly TimeSpan MinTimeBudget = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock = timeProvider ?? TimeProvider.System;

    /// <summary>Works for as long as the invocation may take, less a margin.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="cancellationToken">Cancelled when the platform stops the host: what was durable until then is kept.</param>
    /// <returns>How far it came. Failures are exceptions, which the platform logs and answers with another invocation.</returns>
    /// <exception cref="HostException">The invocation has too little time left to back anything up.</exception>
    public async Task<InvocationReply> HandleAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        var suspended = await FindSuspendedAsync(cancellationToken);
        var request = new BackupRequest { TimeBudget = TimeBudgetOf(invocation, began), Resume = suspended };
        try
        {
            return Describe(await NewPipeline().RunAsync(request, cancellationToken: cancellationToken));
        }
        catch (ResumeException exception) when (suspended is not null && exception.IsTransient)
        {
            // A schedule fires whether the invocation before it has ended or not.
            return new InvocationReply(null, null, exception.Message);
        }
        catch (BackupException exception) when (suspended is not null && IsLasting(exception))
        {
            // The next invocation would find the same in its way, and there must be a backup. It resumes this new run, as the newest.
            var anew = new BackupRequest { TimeBudget = TimeBudgetOf(invocation, began, exception) };
            var reply = Describe(await NewPipeline().RunAsync(anew, cancellationToken: cancellationToken));
            return reply with { Message = $"{suspended} cannot be resumed: {exception.Message} {reply.Message}" };
        }
    }

    // Of another database or selection, damaged, or of a newer version. A budget that was too short is not the run's fault: a new one would
    // come no further, and what this one has stored would be lost.
    private static bool IsLasting(BackupException exception) =>
        exception is (ResumeException or ArchiveFormatException) and { IsTransient: false, Category: not ErrorCategory.TimeOut };

    private TimeSpan TimeBudgetOf(Invocation invocation, long began, Exception? cause = null)
    {
        var budget = invocation.RemainingTime - Margin - _clock.GetElapsedTime(began);
        return budget >= MinTimeBudget ? budget : throw new HostException(
            $"Invocation {invocation.Id} has too little time: {budget + Margin:c} are left, and a backup needs {MinTimeBudget + Margin:c}.", cause)
        {
            Subject = invocation.Id,
            Hint = "Raise the function's time-out; minutes are better than seconds.",
        };
    }

    private async Task<BackupId?> FindSuspendedAsync(CancellationToken cancellationToken)
    {
        var runs = await new BackupCatalog(sink).ListResumableAsync(cancellationToken);
        return runs.Count > 0 ? runs[0] : null;
    }

    private IBackupPipeline NewPipeline()
    {
        var builder = new BackupPipelineBuilder().UsePostgres(settings.Database).UseSink(sink).ConfigureOptions(settings.Options);
        if (settings.StorageUrl is { } url)
        {
            builder.UseSupabaseStorage(new SupabaseStorageOptions { Url = url, Key = settings.StorageKey });
        }

        return builder.UseTimeProvider(_clock).Build();
    }

    private static InvocationReply Describe(BackupResult result) => new(result.Id, result.Outcome, result.Remaining switch
    {
        { } left => $"{result.Id} is suspended: {left.Tables} tables are left{(left.HasObjects ? ", and objects" : "")}.",
        null => $"{result.Id} is {(result.Failures.Count == 0 ? "complete" : $"done, but {result.Failures.Count} items failed")}.",
    });
}
