namespace Backup.Core.Diagnostics;

/// <summary>What the buffers of a run hold.</summary>
/// <param name="UsedBytes">What is lent now.</param>
/// <param name="LimitBytes">The most that may be lent.</param>
internal readonly record struct BufferUse(long UsedBytes, long LimitBytes);
