namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>When a transfer is given up.</summary>
/// <param name="ProgressTimeout">How long it may stand still, and over how long its speed is measured.</param>
/// <param name="MinBytesPerSecond">The speed below which it is cut; 0 for none.</param>
internal readonly record struct TransferLimits(TimeSpan ProgressTimeout, int MinBytesPerSecond);
