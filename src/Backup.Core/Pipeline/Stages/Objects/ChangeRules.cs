using Backup.Core.Archives;
using Backup.Core.Archives.Resuming;
using Backup.Core.Compression;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>By what it is decided what becomes of a listed object.</summary>
/// <param name="Compressor">What packs those that are not packed by their own format.</param>
/// <param name="Kept">What earlier parts of the run stored; <see langword="null"/> in a run of one part.</param>
/// <param name="Unchanged">What need not be downloaded; <see langword="null"/> in a full backup.</param>
/// <param name="IsPreview">Whether it is only counted what the run would do: nothing is downloaded or referenced.</param>
/// <param name="References">Where references go.</param>
/// <param name="Counts">Told of what is not downloaded.</param>
internal sealed record ChangeRules(
    ICompressor Compressor, ResumeState? Kept, UnchangedObjects? Unchanged, bool IsPreview, ReferenceQueue References, ObjectCounts Counts)
{
    /// <summary>Gives the objects their paths; <see langword="null"/> for those of this run alone.</summary>
    public ObjectPaths? Paths { get; init; }
}
