namespace Backup.Core.Archives.Manifest;

/// <summary>The true name of a table that another one's record refers to.</summary>
public sealed record TableName
{
    /// <summary>The schema's true name.</summary>
    public required string Schema { get; init; }

    /// <summary>The table's true name.</summary>
    public required string Name { get; init; }
}
