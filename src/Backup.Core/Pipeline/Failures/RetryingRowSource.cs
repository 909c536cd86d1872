using Backup.Core.Errors;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Pipeline.Failures;

/// <summary>A source that is opened again where the server could not be reached, or the connection broke before anything was read.</summary>
internal sealed class RetryingRowSource(RowSource inner, Retries retries) : RowSource
{
    /// <inheritdoc/>
    public override string Description => inner.Description;

    /// <inheritdoc/>
    public override async Task<RowSnapshot> OpenAsync(
        BackupRequest request,
        BackupOptions options,
        ResourcePlan plan,
        bool listsObjects,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        // A lock that was not to be had in time was waited for already.
        var (snapshot, failure) = await retries.RunAsync<(RowSnapshot?, DatabaseException?)>(
            RetryKind.Connection,
            $"opening a snapshot of {Description}",
            async token =>
            {
                try
                {
                    return (await inner.OpenAsync(request, options, plan, listsObjects, logger, token).ConfigureAwait(false), null);
                }
                catch (DatabaseException exception) when (exception.Category == ErrorCategory.Conflict)
                {
                    return (null, exception);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return snapshot ?? throw failure!;
    }

    /// <inheritdoc/>
    public override RowSource Join(SharedSnapshot shared, IReadOnlyList<TableInfo> tables) =>
        new RetryingRowSource(inner.Join(shared, tables), retries);
}
