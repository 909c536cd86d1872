namespace Backup.Core.Pipeline.Memory;

/// <summary>Bytes of a <see cref="MemoryBudget"/> that are spoken for until this is disposed. Disposing it again does nothing.</summary>
internal sealed class MemoryReservation : IDisposable
{
    private MemoryBudget? _budget;

    /// <summary>Called by the budget, which has counted the bytes already.</summary>
    internal MemoryReservation(MemoryBudget budget, long bytes)
    {
        _budget = budget;
        Bytes = bytes;
    }

    /// <summary>How many bytes.</summary>
    public long Bytes { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _budget, null)?.Return(Bytes);
}
