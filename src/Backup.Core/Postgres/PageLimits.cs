namespace Backup.Core.Postgres;

/// <summary>How large pages may be.</summary>
internal sealed record PageLimits
{
    /// <summary>The default of <see cref="TargetBytes"/>.</summary>
    public const long DefaultTargetBytes = 32L * 1024 * 1024;

    /// <summary>The default of <see cref="MaxBlocks"/>: larger ranges gain nothing and leave readers idle at the end.</summary>
    public const int DefaultMaxBlocks = 4_096;

    /// <summary>The bytes of heap and TOAST that a page should not exceed.</summary>
    public long TargetBytes { get; init; } = DefaultTargetBytes;

    /// <summary>The most heap blocks of a page.</summary>
    public int MaxBlocks { get; init; } = DefaultMaxBlocks;
}
