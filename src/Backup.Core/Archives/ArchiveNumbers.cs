namespace Backup.Core.Archives;

/// <summary>Gives the files of one backup their numbers, ascending from 1. For any number of writers at a time.</summary>
/// <remarks>
/// A number is given once: what a writer that failed had under its numbers may still become visible, and must not be taken for another's.
/// So numbers may be missing from a backup that several wrote.
/// </remarks>
internal abstract class ArchiveNumbers
{
    /// <summary>Gives the next volume its number.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract ValueTask<int> NextVolumeAsync(CancellationToken cancellationToken);

    /// <summary>Gives the next part of the index its number.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    public abstract ValueTask<int> NextIndexPartAsync(CancellationToken cancellationToken);
}
