using Backup.Core.ObjectStores;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>A row by its lower-case name.</summary>
internal readonly record struct FoldedRow(string Key, ObjectRow Row)
{
    /// <summary>Orders a bucket's rows by their lower-case names, byte by byte.</summary>
    public static FoldedRow[] Fold(ObjectRow[] rows) =>
        [.. rows.Select(row => new FoldedRow(row.Name.ToLowerInvariant(), row)).OrderBy(row => row.Key, Utf8Order.Instance)];
}
