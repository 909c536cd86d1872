using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;

namespace Backup.Core.Pipeline.Suspension;

/// <summary>What there is to say of a part of a run that the deadline ended.</summary>
internal static class SuspendedRun
{
    /// <summary>What the run has left to do.</summary>
    /// <param name="tables">The tables of the snapshot.</param>
    /// <param name="buckets">The buckets.</param>
    /// <param name="hasObjects">Whether objects are left to be listed or copied.</param>
    public static RemainingWork RemainingOf(IReadOnlyList<TableRun> tables, IReadOnlyList<BucketRun> buckets, bool hasObjects)
    {
        var unfinished = tables.Where(table => !table.IsFinished).ToList();
        return new RemainingWork
        {
            Tables = unfinished.Count,
            TableBytes = unfinished.Sum(table => (long)(table.Info.TotalBytes * (1 - table.Start.Fraction))),
            HasObjects = hasObjects,
            Objects = !hasObjects ? 0 : buckets.All(bucket => bucket.Left is not null) ? buckets.Sum(bucket => bucket.Left) : null,
        };
    }

    /// <summary>Sums over what is kept of the run so far.</summary>
    public static BackupTotals TotalsOf(CopiedContents copied, long storedBytes)
    {
        var tables = copied.Database?.Records ?? [];
        var buckets = copied.Storage?.Section.Buckets ?? [];
        var objects = buckets.Sum(bucket => bucket.Objects);
        return new BackupTotals(
            tables.Sum(table => (long)table.Pages) + objects,
            tables.Sum(table => table.Rows),
            tables.Sum(table => table.RawBytes) + buckets.Sum(bucket => bucket.RawBytes),
            storedBytes)
        {
            Objects = objects,
        };
    }

    /// <summary>The error of a part that has kept nothing new: the next one would not get any further either.</summary>
    public static ResumeException TooShort(BackupId id, TimeSpan? budget, bool isFirst) =>
        new($"The time budget of {budget} was over before run {id} had stored anything new: no table was read to its end, and no object copied.")
        {
            Subject = id.Value,
            Category = ErrorCategory.TimeOut,
            Hint = "Give it more time, more connections and transfers, or allow mixed tables (--allow-mixed-tables), so that a large table can be read "
                + $"in several parts. {(isFirst ? "Nothing stays of it." : "What earlier parts stored stays.")}",
        };
}
