namespace Backup.Core.Granularity;

/// <summary>A way to cut rows into the pieces that a backup stores, and an incremental one refers to.</summary>
internal abstract class Cutter
{
    /// <summary>For people.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a piece equals only the one of the same number in its table, and not any of the same bytes.</summary>
    public abstract bool IsByNumber { get; }

    /// <summary>The pieces of a group, in order; together they are its rows.</summary>
    public abstract IEnumerable<ReadOnlyMemory<byte>> Cut(RowGroup group);
}
