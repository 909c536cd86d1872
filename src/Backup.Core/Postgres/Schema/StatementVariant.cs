namespace Backup.Core.Postgres.Schema;

/// <summary>Other statements that make an entry, for servers that do not take the entry's own.</summary>
internal sealed record StatementVariant
{
    /// <summary>The first major version that it is for; <see langword="null"/> for the oldest.</summary>
    public int? Since { get; init; }

    /// <summary>The first major version that it is not for; <see langword="null"/> for none.</summary>
    public int? Before { get; init; }

    /// <summary>The statements, in the place of <see cref="TocEntry.Create"/>.</summary>
    public required string Create { get; init; }

    /// <summary>What differs from the source then, in one sentence; <see langword="null"/> where nothing does that matters.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it is for servers of a major version.</summary>
    public bool IsFor(int majorVersion) => !(majorVersion < Since) && !(majorVersion >= Before);
}
