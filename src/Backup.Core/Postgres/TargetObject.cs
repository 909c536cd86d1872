namespace Backup.Core.Postgres;

/// <summary>An object that is looked for in a target.</summary>
/// <param name="Class">What it is: <c>relation</c>, <c>type</c>, <c>routine</c>, <c>schema</c> and so on.</param>
/// <param name="Schema">The schema's true name; empty for what lives in none.</param>
/// <param name="Name">The true name; for a routine with its argument types.</param>
internal readonly record struct TargetObject(string Class, string Schema, string Name);
