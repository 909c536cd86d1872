namespace Backup.Core.Archives.Manifest;

/// <summary>Something that a database held and a backup of it does not, as no backup can hold it: an object, or what only a newer server has.</summary>
/// <param name="Name">The object with its kind, as PostgreSQL describes it: <c>subscription nightly</c>; of a server its version.</param>
/// <param name="Reason">Why, in one sentence.</param>
public sealed record UnsupportedRecord(string Name, string Reason);
