namespace Backup.Core.Postgres.Schema;

/// <summary>A sequence as <c>pg_sequence</c> holds it.</summary>
internal sealed record SequenceDefinition
{
    /// <summary>The oid.</summary>
    public required uint Oid { get; init; }

    /// <summary>The true name.</summary>
    public required QualifiedName Name { get; init; }

    /// <summary>The owner's true name.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether it is not logged; <see langword="null"/> where the server's version does not say: then all are logged.</summary>
    public required bool? IsUnlogged { get; init; }

    /// <summary>The type as SQL.</summary>
    public required string Type { get; init; }

    /// <summary>The first value.</summary>
    public required long Start { get; init; }

    /// <summary>The step.</summary>
    public required long Increment { get; init; }

    /// <summary>The smallest value.</summary>
    public required long Minimum { get; init; }

    /// <summary>The largest value.</summary>
    public required long Maximum { get; init; }

    /// <summary>How many values a session takes at once.</summary>
    public required long Cache { get; init; }

    /// <summary>Whether it starts again at its end.</summary>
    public required bool Cycles { get; init; }

    /// <summary>The column that owns it, or whose identity it is.</summary>
    public ObjectAddress? Column { get; init; }

    /// <summary>Whether it is the sequence of an identity column.</summary>
    public required bool IsIdentity { get; init; }
}
