namespace Backup.Core.Pipeline;

/// <summary>How much of something an incremental backup stores, reuses or drops.</summary>
/// <param name="Items">How many pages or objects.</param>
/// <param name="Bytes">Their size before packing.</param>
public readonly record struct ChangeAmount(long Items, long Bytes)
{
    /// <summary>Adds two amounts.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static ChangeAmount operator +(ChangeAmount left, ChangeAmount right) => Add(left, right);

    /// <summary>Adds two amounts.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static ChangeAmount Add(ChangeAmount left, ChangeAmount right) => new(left.Items + right.Items, left.Bytes + right.Bytes);
}
