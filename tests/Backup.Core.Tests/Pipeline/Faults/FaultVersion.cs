using Backup.Core.ObjectStores;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A version of an object.</summary>
/// <param name="Stored">What the store says of it.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record FaultVersion(StoredObject Stored, byte[] Content);
