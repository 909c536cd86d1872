namespace Backup.Core.Sinks;

/// <summary>One committed object of a sink.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size in bytes.</param>
public readonly record struct SinkObject(string Name, long Bytes);
