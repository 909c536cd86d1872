namespace Backup.Core.Archives.Resuming;

/// <summary>Pages of an unfinished table, and the plan by which they were cut, so that the missing ones can be read later.</summary>
internal sealed record CheckpointPages
{
    /// <summary>The schema's true name.</summary>
    public required string Schema { get; init; }

    /// <summary>The table's true name.</summary>
    public required string Name { get; init; }

    /// <summary>The folder of the pages, ending in a slash.</summary>
    public required string Path { get; init; }

    /// <summary>What tells whether a table of that name is still the same one.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The <c>relfilenode</c> of the heap: pages of a heap that was rewritten say nothing of the new one.</summary>
    public required long RelationFile { get; init; }

    /// <summary>How many blocks the heap had when the pages were planned.</summary>
    public required long HeapBlocks { get; init; }

    /// <summary>How many blocks a page stands for.</summary>
    public required int PageBlocks { get; init; }

    /// <summary>The pages.</summary>
    public required IReadOnlyList<CheckpointPage> Pages { get; init; }
}
