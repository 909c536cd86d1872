namespace Backup.Core.Postgres.Schema;

/// <summary>Something that only some versions know, by the tokens that stand for it in a statement.</summary>
/// <param name="Tokens">Key words and names as the server writes them, and opening parentheses, one after another.</param>
/// <param name="Requirement">Which versions those are.</param>
internal sealed record ServerFeature(IReadOnlyList<string> Tokens, VersionRequirement Requirement);
