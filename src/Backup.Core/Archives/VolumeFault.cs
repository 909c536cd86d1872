namespace Backup.Core.Archives;

/// <summary>One thing that is not as the manifest and the index say.</summary>
/// <param name="Subject">The entry's path or the file's name.</param>
/// <param name="Problem">What is wrong, as a sentence.</param>
internal sealed record VolumeFault(string Subject, string Problem);
