using Backup.Core.Errors;

namespace Backup.Core.Postgres;

/// <summary>A selected table whose rows cannot be read, and why.</summary>
/// <param name="Name">The table.</param>
/// <param name="Fault">The reason and what to do about it.</param>
internal sealed record UnreadableTable(QualifiedName Name, DatabaseException Fault);
