namespace Backup.Core.Pipeline;

/// <summary>What a run copies.</summary>
/// <param name="HasRows">Whether it reads a database.</param>
/// <param name="HasObjects">Whether it reads an object store.</param>
internal readonly record struct RunLanes(bool HasRows, bool HasObjects);
