namespace Backup.Core.Postgres.Server;

/// <summary>One statement about a role or a database.</summary>
/// <param name="Kind">What it is about, in capital letters: one of <see cref="ServerKinds"/>.</param>
/// <param name="Subject">The item, without any value that could be secret.</param>
/// <param name="Sql">The statement, ending in a semicolon and a newline.</param>
/// <param name="Role">The true name of the role that a setting of the database is for; <see langword="null"/> for everything else.</param>
internal sealed record ServerStatement(string Kind, string Subject, string Sql, string? Role = null);
