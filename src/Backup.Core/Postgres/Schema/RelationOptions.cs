namespace Backup.Core.Postgres.Schema;

/// <summary>Writes storage options (<c>reloptions</c>) for a WITH clause.</summary>
internal static class RelationOptions
{
    private static readonly string[] Since18 = ["autovacuum_vacuum_max_threshold", "vacuum_max_eager_freeze_failure_rate"];

    /// <summary>The options joined by commas, values quoted unless they are plain words; an empty text for none.</summary>
    /// <param name="options">The items, <c>name=value</c>.</param>
    /// <param name="prefix">What comes before each name: <c>toast.</c> for those of the TOAST table.</param>
    public static string Format(IReadOnlyList<string>? options, string prefix = "") =>
        string.Join(", ", (options ?? []).Select(option => prefix + FormatOne(option)));

    /// <summary>What a server has to know that takes the options.</summary>
    /// <param name="options">The options as <see cref="Format"/> wrote them.</param>
    public static IEnumerable<VersionRequirement> RequirementsOf(string options) =>
        from name in Since18
        where options.Contains($"{name}=", StringComparison.Ordinal)
        select VersionRequirement.From(18, $"the storage parameter {name}");

    private static string FormatOne(string option)
    {
        var split = option.IndexOf('=', StringComparison.Ordinal);
        var name = SqlText.Identifier(split < 0 ? option : option[..split]);
        var value = split < 0 ? "" : option[(split + 1)..];
        return SqlText.Identifier(value) == value ? $"{name}={value}" : $"{name}={SqlText.Literal(value)}";
    }
}
