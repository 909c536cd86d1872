namespace Backup.Core.Restore;

/// <summary>One object that a restore leaves out though it belongs to what was chosen.</summary>
/// <param name="Kind">PostgreSQL's word for the kind: <c>FK CONSTRAINT</c>.</param>
/// <param name="Name">Its qualified name.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record LeftOutObject(string Kind, string Name, string Reason);
