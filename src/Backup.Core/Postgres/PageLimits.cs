namespace Backup.Core.Postgres;

/// <summary>How large pages may be.</summary>
internal sealed record PageLimits
{
    /// <summary>The default of <see cref="TargetBytes"/>.</summary>
    public const long DefaultTargetBytes = 256 * 1024;

    /// <summary>The default of <see cref="MaxBlocks"/>.</summary>
    public const int DefaultMaxBlocks = 32;

    /// <summary>The bytes of heap and TOAST that a page should have.</summary>
    public long TargetBytes { get; init; } = DefaultTargetBytes;

    /// <summary>The most heap blocks of a page.</summary>
    public int MaxBlocks { get; init; } = DefaultMaxBlocks;
}
