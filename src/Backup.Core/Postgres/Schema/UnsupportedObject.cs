namespace Backup.Core.Postgres.Schema;

/// <summary>Something in the database, or the server itself, that no reader understands and no entry makes.</summary>
/// <param name="Name">Its name with its kind, as PostgreSQL describes it.</param>
/// <param name="Reason">Why, in one sentence.</param>
internal sealed record UnsupportedObject(string Name, string Reason);
