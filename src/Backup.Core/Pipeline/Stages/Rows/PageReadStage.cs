using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Pipeline.Failures;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;

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
            var pages = batch.Tasks.Count > 1 ? batch.Tasks.Select(task => task.Page).ToArray() : [];
            for (var index = 0; index < batch.Tasks.Count; index++)
            {
                // Said anew before each, so that those behind one that had to be read again are asked for together too.
                if (index + 1 < pages.Length)
                {
                    reader.Announce(new ArraySegment<TablePage>(pages, index, pages.Length - index));
                }

                if (!await TryReadAsync(reader, number, batch.Tasks[index], cancellationToken).ConfigureAwait(false))
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

        progress.BeginPage(task.Table);
        DatabaseException? failure;
        try
        {
            failure = await ReadAsync(reader, task, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            progress.EndPage(task);
        }

        if (failure is null)
        {
            return true;
        }

        if (rules.Failures.IsFailFast)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        progress.Telemetry.AddFailedTable(failure);
        rules.Failures.Add(task.Table, failure);
        if (reader.IsUsable || await TryReopenAsync(reader, cancellationToken).ConfigureAwait(false))
        {
            return true;
        }

        // Without the snapshot and its locks there is nothing left to go on with, whoever notices first; without reader 0 there may be nobody.
        if (number == 0 || !reader.IsSnapshotHeld)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        rules.Logger.ReaderLost(number);
        return false;
    }

    // Reads a page, again where that may help, and gives back why it could not be read; what else goes wrong is thrown.
    private async Task<DatabaseException?> ReadAsync(RowReader reader, PageTask task, CancellationToken cancellationToken)
    {
        DatabaseException? first = null;
        try
        {
            return await rules.Retries.RunAsync(
                RetryKind.Page,
                task.Table.ReadingIt,
                async token =>
                {
                    if (first is not null && !reader.IsUsable)
                    {
                        await reader.ReopenAsync(token).ConfigureAwait(false);
                    }

                    return await AttemptAsync(reader, task, failure => first ??= failure, token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (DatabaseException failure) when (!cancellationToken.IsCancellationRequested)
        {
            // All attempts were in vain, and left nothing. That a connection was lost says more than that there is no other.
            task.Table.Fail(first ?? failure);
            progress.CompletePage(task.Table);
            return first ?? failure;
        }
    }

    // One attempt. Throws a failure after which the page may be read again, and gives back one after which it may not.
    private async ValueTask<DatabaseException?> AttemptAsync(
        RowReader reader, PageTask task, Action<DatabaseException> onRepeatable, CancellationToken cancellationToken)
    {
        var since = progress.Telemetry.Now();
        using var span = BackupSpans.Start(BackupTelemetry.PageSpan, task.Table.SpanContext);
        span?.SetTag(BackupTelemetry.TableAttribute, task.Table.Info.Name.ToString()).SetTag(BackupTelemetry.PageAttribute, task.Page.Number);
        using var read = new PageRead(reader, task, budget, context, progress, rules, output);
        try
        {
            await read.RunAsync(cancellationToken).ConfigureAwait(false);
            progress.Telemetry.AddPage(since);
            return null;
        }
        catch (DatabaseException failure) when (!cancellationToken.IsCancellationRequested)
        {
            span.Fail(failure);
            var isRepeatable = read.CanBeRepeated && reader.IsSnapshotHeld && Retries.IsWorthAnother(failure);
            await CloseAsync(reader.CloseAsync).ConfigureAwait(false);
            if (isRepeatable)
            {
                read.Undo();
                onRepeatable(failure);
                throw;
            }

            if (!rules.Failures.IsFailFast)
            {
                // Before its last page is dealt with: whoever is told of the end of the table is told that it failed.
                task.Table.Fail(failure);
                await read.GiveUpAsync(cancellationToken).ConfigureAwait(false);
            }

            return failure;
        }
    }

    private async Task<bool> TryReopenAsync(RowReader reader, CancellationToken cancellationToken)
    {
        if (!reader.IsSnapshotHeld)
        {
            return false;
        }

        try
        {
            await reader.ReopenAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DatabaseException exception) when (!cancellationToken.IsCancellationRequested)
        {
            rules.Logger.CleanUpFailed("reader", exception);
            return false;
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
