namespace Backup.Core.Postgres.Server;

/// <summary>A security label of a role or a database.</summary>
internal sealed record ServerLabel
{
    /// <summary>Who gave it.</summary>
    public required string Provider { get; init; }

    /// <summary>The label.</summary>
    public required string Label { get; init; }
}
