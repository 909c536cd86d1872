namespace Backup.Core.Postgres.Schema;

/// <summary>One column of a relation as <c>pg_attribute</c> holds it; dropped ones are not read.</summary>
internal sealed record ColumnDefinition
{
    /// <summary>The relation's oid.</summary>
    public required uint Relation { get; init; }

    /// <summary>The column's number.</summary>
    public required int Number { get; init; }

    /// <summary>The true name.</summary>
    public required string Name { get; init; }

    /// <summary>The type with its modifiers, as SQL.</summary>
    public required string Type { get; init; }

    /// <summary>The collation as qualified SQL where it is not the type's own.</summary>
    public string? Collation { get; init; }

    /// <summary>Whether the column refuses NULL.</summary>
    public required bool IsNotNull { get; init; }

    /// <summary>Whether the relation itself declares the column; inherited columns can be declared again.</summary>
    public required bool IsLocal { get; init; }

    /// <summary><c>a</c> always, <c>d</c> by default, a NUL character for no identity column.</summary>
    public required char Identity { get; init; }

    /// <summary><c>s</c> stored, <c>v</c> virtual, a NUL character for no generated column.</summary>
    public required char Generated { get; init; }

    /// <summary>The statistics target; -1 for the default.</summary>
    public required int StatisticsTarget { get; init; }

    /// <summary>The storage: p plain, e external, m main, x extended.</summary>
    public required char Storage { get; init; }

    /// <summary>The storage that the type prescribes.</summary>
    public required char TypeStorage { get; init; }

    /// <summary><c>p</c> pglz, <c>l</c> lz4, a NUL character for the default.</summary>
    public required char Compression { get; init; }

    /// <summary>The options, joined as SQL (<c>n_distinct=-0.5</c>).</summary>
    public string? Options { get; init; }

    /// <summary>The options of a foreign table's column, as the catalog holds them: <c>name=value</c>.</summary>
    public IReadOnlyList<string>? ForeignOptions { get; init; }

    /// <summary>The privileges; <see langword="null"/> for none of its own.</summary>
    public IReadOnlyList<string>? Acl { get; init; }
}
