using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>Compares what a run has copied with its parent, by the sums of both.</summary>
internal static class ChangeReport
{
    /// <summary>Makes the report.</summary>
    /// <param name="copied">What was copied. Of a lane that the run has not, nothing is said.</param>
    /// <param name="parent">The parent; <see langword="null"/> for a full backup, which stores everything.</param>
    public static BackupChanges Of(CopiedContents copied, BackupManifest? parent) => new()
    {
        Tables =
        [
            .. (copied.Database is { } database ? OfTables(database, parent) : [])
                .OrderBy(table => table.Table.Schema, StringComparer.Ordinal).ThenBy(table => table.Table.Name, StringComparer.Ordinal),
        ],
        Buckets =
        [
            .. (copied.Storage is { } storage ? OfBuckets(storage.Results, parent) : []).OrderBy(bucket => bucket.Id, StringComparer.Ordinal),
        ],
    };

    private static IEnumerable<TableChanges> OfTables(CopiedDatabase copied, BackupManifest? parent)
    {
        var before = new Dictionary<QualifiedName, TableRecord>();
        var names = new Dictionary<long, QualifiedName>();
        foreach (var record in parent?.Database?.Tables ?? [])
        {
            var name = NameOf(record);
            before[name] = record;
            if (record.Activity is { } activity)
            {
                names[activity.Oid] = name;
            }
        }

        // A table that was renamed is still the one that it was.
        foreach (var (record, table) in copied.Records.Zip(copied.Results))
        {
            var name = record.Activity is { } activity ? names.GetValueOrDefault(activity.Oid, table.Table) : table.Table;
            var had = before.Remove(name, out var found) ? AmountOf(found) : default;
            var reused = new ChangeAmount(table.ReusedPages, table.ReusedBytes);
            yield return new TableChanges(table.Table, Without(new ChangeAmount(table.Pages, table.RawBytes), reused), reused, Without(had, reused));
        }

        foreach (var (name, gone) in before)
        {
            yield return new TableChanges(name, default, default, AmountOf(gone));
        }
    }

    private static IEnumerable<BucketChanges> OfBuckets(IReadOnlyList<BucketResult> buckets, BackupManifest? parent)
    {
        var before = (parent?.Storage?.Buckets ?? []).ToDictionary(
            bucket => bucket.Id, bucket => new ChangeAmount(bucket.Objects, bucket.RawBytes), StringComparer.Ordinal);
        foreach (var bucket in buckets)
        {
            before.Remove(bucket.Id, out var had);
            var reused = new ChangeAmount(bucket.ReusedObjects, bucket.ReusedBytes);
            yield return new BucketChanges(bucket.Id, Without(new ChangeAmount(bucket.Objects, bucket.Bytes), reused), reused, Without(had, reused));
        }

        foreach (var (id, had) in before)
        {
            yield return new BucketChanges(id, default, default, had);
        }
    }

    private static QualifiedName NameOf(TableRecord record) => new(record.Schema, record.Name);

    private static ChangeAmount AmountOf(TableRecord record) => new(record.Pages, record.RawBytes);

    // What is reused need not be of the parent's table of that name.
    private static ChangeAmount Without(ChangeAmount all, ChangeAmount part) =>
        new(Math.Max(0, all.Items - part.Items), Math.Max(0, all.Bytes - part.Bytes));
}
