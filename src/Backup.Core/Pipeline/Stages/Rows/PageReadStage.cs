using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>Reads pages of rows into blocks and sends those to be packed.</summary>
internal sealed class PageReadStage(
    RowSnapshot snapshot,
    MemoryBudget budget,
    EntryContext context,
    RunProgress progress,
    PageReadRules rules,
    ChannelReader<PageBatch> input,
    ChannelWriter<PackItem> output)
{
    /// <summary>Works until there are no more pages, or until this reader's connection is lost while others go on.</summary>
    public async Task RunAsync(int number, CancellationToken cancellationToken)
    {
        var reader = snapshot.OpenReader(number);
        try
        {
            await ReadPagesAsync(reader, number, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await CloseAsync(reader.DisposeAsync).ConfigureAwait(false);
        }
    }

    private async Task ReadPagesAsync(RowReader reader, int number, CancellationToken cancellationToken)
    {
        await foreach (var batch in input.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (batch.Tasks.Count > 1 && !rules.Deadline.IsReached)
            {
                reader.Announce([.. batch.Tasks.Select(task => task.Page)]);
            }

            foreach (var task in batch.Tasks)
            {
                if (!await TryReadAsync(reader, number, task, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }
        }
    }

    // False when the reader can read nothing more, and others go on.
    private async Task<bool> TryReadAsync(RowReader reader, int number, PageTask task, CancellationToken cancellationToken)
    {
        if (rules.Deadline.IsReached)
        {
            // Taken out of the channel, so that nobody waits for room in it; its table is never finished.
            return true;
        }

        if (task.Table.HasFailed)
        {
            progress.CompletePage(task.Table);
            return true;
        }

        var failure = await ReadAsync(reader, task, cancellationToken).ConfigureAwait(false);
        if (failure is null || reader.IsUsable)
        {
            return true;
        }

        // Reader 0 holds the snapshot and its locks: without it there is nothing left to go on with, whoever notices first.
        if (number == 0 || !reader.IsSnapshotHeld)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        rules.Logger.ReaderLost(number);
        return false;
    }

    // Gives the failure back where the run may go on without the table, and throws it where not.
    private async Task<DatabaseException?> ReadAsync(RowReader reader, PageTask task, CancellationToken cancellationToken)
    {
        progress.BeginPage(task.Table);
        var since = progress.Telemetry.Now();
        using var span = BackupSpans.Start(BackupTelemetry.PageSpan, task.Table.SpanContext);
        span?.SetTag(BackupTelemetry.TableAttribute, task.Table.Info.Name.ToString()).SetTag(BackupTelemetry.PageAttribute, task.Page.Number);
        try
        {
            using var read = new PageRead(reader, task, budget, context, progress, rules, output);
            await read.RunAsync(cancellationToken).ConfigureAwait(false);
            progress.Telemetry.AddPage(since);
            return null;
        }
        catch (DatabaseException failure) when (rules.ContinueOnTableFailure && !cancellationToken.IsCancellationRequested)
        {
            task.Table.Fail(failure);
            span.Fail(failure);
            progress.Telemetry.AddFailedTable(failure);
            rules.Logger.TableFailed(task.Table.Info.Name.ToString(), failure);
            await CloseAsync(reader.CloseAsync).ConfigureAwait(false);
            return failure;
        }
        finally
        {
            progress.EndPage(task);
        }
    }

    // Closing must not hide what went wrong before it.
    private async Task CloseAsync(Func<ValueTask> close)
    {
        try
        {
            await close().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            rules.Logger.CleanUpFailed("reader", exception);
        }
    }
}
