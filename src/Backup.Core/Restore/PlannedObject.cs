namespace Backup.Core.Restore;

/// <summary>One object that a restore makes.</summary>
/// <param name="Kind">PostgreSQL's word for the kind: <c>TABLE</c>, <c>FK CONSTRAINT</c>.</param>
/// <param name="Name">Its qualified name.</param>
/// <param name="Exists">Whether the target holds it already.</param>
public sealed record PlannedObject(string Kind, string Name, bool Exists);
