using Backup.Core.Postgres;

namespace Backup.Core.Sharding.Planning;

/// <summary>Some pages of a table, one behind the other.</summary>
internal sealed record ShardTable
{
    /// <summary>The table as the snapshot shows it.</summary>
    public required TableInfo Info { get; init; }

    /// <summary>The folder of its pages.</summary>
    public required string Folder { get; init; }

    /// <summary>The heap's size in blocks, by which it is cut.</summary>
    public required long HeapBlocks { get; init; }

    /// <summary>The blocks of a page; 0 where the one page is the whole relation.</summary>
    public required long PageBlocks { get; init; }

    /// <summary>The number of the first page, from 1.</summary>
    public required int FirstPage { get; init; }

    /// <summary>The number behind the last page.</summary>
    public required int EndPage { get; init; }

    /// <summary>The part of all pages of the table that these are, from 0 to 1.</summary>
    public required double Fraction { get; init; }
}
