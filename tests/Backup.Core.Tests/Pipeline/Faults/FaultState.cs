using Backup.Core.Tests.Pipeline.Fakes;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>What there was when a part of a run began.</summary>
/// <param name="At">When that was.</param>
/// <param name="Tables">The tables.</param>
/// <param name="Objects">The objects in the versions that they had, by <c>bucket/name</c>.</param>
internal sealed record FaultState(DateTimeOffset At, IReadOnlyList<InMemoryTable> Tables, IReadOnlyDictionary<string, FaultVersion> Objects);
