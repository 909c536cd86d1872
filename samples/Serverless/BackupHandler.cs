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

    /// <summary>Works for as long as the invocation may take, less a margin.</summary>
    /// <param name="invocation">The invocation.</param>
    /// <param name="cancellationToken">Cancelled when the platform stops the host: what was durable until then is kept.</param>
    /// <returns>How far it came. Failures are exceptions, which the platform logs and answers with another invocation.</returns>
    public async Task<InvocationReply> HandleAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var suspended = await FindSuspendedAsync(cancellationToken);
        var request = new BackupRequest { TimeBudget = invocation.RemainingTime - Margin, Resume = suspended };
        try
        {
            return Describe(await NewPipeline().RunAsync(request, cancellationToken: cancellationToken));
        }
        catch (ResumeException exception) when (suspended is not null && exception.IsTransient)
        {
            // A schedule fires whether the invocation before it has ended or not.
            return new InvocationReply(null, null, exception.Message);
        }
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

        return builder.UseTimeProvider(timeProvider ?? TimeProvider.System).Build();
    }

    private static InvocationReply Describe(BackupResult result) => new(result.Id, result.Outcome, result.Remaining switch
    {
        { } left => $"{result.Id} is suspended: {left.Tables} tables are left{(left.HasObjects ? ", and objects" : "")}.",
        null => $"{result.Id} is {(result.Failures.Count == 0 ? "complete" : $"done, but {result.Failures.Count} items failed")}.",
    });
}
