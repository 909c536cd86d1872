using Backup.Core.Archives;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Pipeline;

/// <summary>What one part of a run copies, and where to.</summary>
/// <param name="Part">The part.</param>
/// <param name="Deadline">When it ends.</param>
/// <param name="Sources">What it reads.</param>
/// <param name="Archive">What it writes.</param>
/// <param name="Tables">The tables of the snapshot, those that are kept among them.</param>
/// <param name="Buckets">The buckets, those that are gone among them.</param>
internal sealed record CopyJob(
    RunPart Part,
    RunDeadline Deadline,
    OpenedSources Sources,
    ArchiveWriter Archive,
    IReadOnlyList<TableRun> Tables,
    IReadOnlyList<BucketRun> Buckets);
