namespace Backup.Core.Postgres.LargeObjects;

/// <summary>What a snapshot shows of large objects: the two tables that they are read as, or why they cannot be read.</summary>
/// <param name="Tables">The tables; none where there are no large objects, or none that were chosen.</param>
/// <param name="Unreadable">Why not; <see langword="null"/> where they can be read.</param>
internal sealed record FoundLargeObjects(IReadOnlyList<TableInfo> Tables, UnreadableTable? Unreadable)
{
    /// <summary>No large objects.</summary>
    public static FoundLargeObjects None { get; } = new([], null);
}
