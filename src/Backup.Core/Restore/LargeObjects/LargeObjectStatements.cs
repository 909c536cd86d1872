namespace Backup.Core.Restore.LargeObjects;

/// <summary>What is to be said of one large object once it is filled.</summary>
/// <param name="Oid">The object.</param>
/// <param name="Sql">The statements.</param>
internal readonly record struct LargeObjectStatements(uint Oid, string Sql);
