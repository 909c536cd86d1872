namespace Backup.Core.Granularity;

/// <summary>Takes a backup of a database by several cutters at once, into nothing, and counts.</summary>
internal static class BackupMeasure
{
    private const int BatchPages = 64;

    /// <summary>Takes the backup.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="cutters">The cutters.</param>
    /// <param name="parents">The backups by the same cutters that it builds on; <see langword="null"/> for full ones.</param>
    /// <returns>One backup for each cutter.</returns>
    public static async Task<IReadOnlyList<MeasuredBackup>> TakeAsync(
        string connectionString, IReadOnlyList<Cutter> cutters, IReadOnlyList<MeasuredBackup>? parents = null)
    {
        var backups = cutters.Select((cutter, number) => new MeasuredBackup(cutter, parents?[number])).ToList();
        var group = new RowGroup();
        await new RowPages(connectionString, RowGroup.RangeBlocks, BatchPages).ReadAsync(
            page =>
            {
                if ((page.Number - 1) % RowGroup.Ranges == 0)
                {
                    group.Clear(page.Table.Name.Name, page.Number - 1);
                }
            },
            group.GetMemory,
            group.Advance,
            async (page, isLast) =>
            {
                group.EndRange();
                if (isLast || group.Count == RowGroup.Ranges)
                {
                    await Parallel.ForEachAsync(backups, async (backup, _) => await backup.AddAsync(group));
                }
            });
        foreach (var backup in backups)
        {
            await backup.CompleteAsync();
        }

        return backups;
    }
}
