using System.Text.Json.Serialization;

namespace Backup.Core.Archives.Manifest;

/// <summary>One table whose rows a backup holds.</summary>
public sealed record TableRecord
{
    /// <summary>The schema's true name.</summary>
    public required string Schema { get; init; }

    /// <summary>The table's true name.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of the table's pages, ending in a slash: <c>database/data/public.film/</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The columns in the order in which each row gives them; none for a table without columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The number of pages; they are named <c>000001.copy</c> and so on.</summary>
    public required int Pages { get; init; }

    /// <summary>The number of rows.</summary>
    public required long Rows { get; init; }

    /// <summary>The raw size of all pages, in bytes.</summary>
    public required long RawBytes { get; init; }

    /// <summary>Whether the pages are of several parts, and so of several snapshots: then the rows are of no one instant.</summary>
    /// <value><see langword="false"/> by default.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Mixed { get; init; }

    /// <summary>
    /// How many blocks of the heap a page stands for, so that the next incremental backup cuts the table alike; <see langword="null"/>
    /// where the table was not cut.
    /// </summary>
    public int? PageBlocks { get; init; }

    /// <summary>
    /// For a partition that is chosen by the hash of an enumeration: the partitioned table that its rows have to be loaded into. The
    /// hash is of the numbers that the source gave to the labels, so elsewhere the same row belongs to another partition.
    /// </summary>
    /// <value><see langword="null"/> where rows are loaded into the table itself.</value>
    public TableName? LoadInto { get; init; }

    /// <summary>What the server's statistics said of the table; <see langword="null"/> where they were not read.</summary>
    public TableActivity? Activity { get; init; }
}
