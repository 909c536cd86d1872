using Backup.Core.Errors;

namespace Backup.Core.Pipeline.Stages.Rows;

/// <summary>References all pages of the tables that the server's statistics say are as the parent of the run has them. Reads nothing.</summary>
internal sealed class UnchangedTablesStage(IReadOnlyList<TableRun> tables, LaneContext lane, RunProgress progress, PageReadRules rules)
{
    /// <summary>Works until there are no more tables, or the deadline comes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var table in tables)
        {
            if (await TryReferAsync(table, cancellationToken).ConfigureAwait(false))
            {
                progress.CompletePage(table);
            }
        }
    }

    // False at the deadline: the table is not finished then.
    private async Task<bool> TryReferAsync(TableRun table, CancellationToken cancellationToken)
    {
        var record = table.Start.Parent!.Record;
        for (var number = 1; number <= record.Pages; number++)
        {
            if (lane.Deadline.IsReached)
            {
                return false;
            }

            // What is known of the rows is their number in the whole table.
            await ReferAsync(table, number, number == 1 ? record.Rows : 0, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async Task ReferAsync(TableRun table, int number, long rows, CancellationToken cancellationToken)
    {
        var parent = await table.Start.Parent!.FindPageAsync(number, cancellationToken).ConfigureAwait(false)
            ?? throw new ArchiveFormatException($"The index of the parent backup lacks page {number} of {table.Info.Name}, which its manifest counts.")
            {
                Subject = table.Info.Name.ToString(),
                Hint = "Verify that backup, and make a full one.",
            };
        table.AddPage();
        var reference = new PageReference(table, number, rows, parent, progress);
        if (rules.IsPreview)
        {
            reference.OnStored();
        }
        else
        {
            await lane.Context.References.SendAsync(reference, cancellationToken).ConfigureAwait(false);
        }
    }
}
