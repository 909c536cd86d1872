namespace Backup.Core.Archives;

/// <summary>Numbers that this process counts.</summary>
/// <param name="volumes">How many volumes there are already.</param>
/// <param name="indexParts">How many parts of the index there are already.</param>
internal sealed class CountedNumbers(int volumes, int indexParts) : ArchiveNumbers
{
    private int _volumes = volumes;
    private int _indexParts = indexParts;

    /// <inheritdoc/>
    public override ValueTask<int> NextVolumeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Interlocked.Increment(ref _volumes));

    /// <inheritdoc/>
    public override ValueTask<int> NextIndexPartAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Interlocked.Increment(ref _indexParts));
}
