namespace Backup.Core.Pipeline.Memory;

/// <summary>The memory that one run may take for buffers, in bytes. Callers are served in the order in which they ask.</summary>
/// <remarks>
/// For any number of threads. First come, first served even where a later, smaller wish could be met: otherwise a large one
/// could wait for ever. It holds no buffers; it only says when they may be taken.
/// </remarks>
internal sealed class MemoryBudget
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private long _available;
    private long _ceiling;

    /// <summary>Creates a budget, all of it free.</summary>
    public MemoryBudget(long totalBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalBytes);
        TotalBytes = totalBytes;
        _available = totalBytes;
        _ceiling = totalBytes;
    }

    /// <summary>The size of the budget.</summary>
    public long TotalBytes { get; }

    /// <summary>What is not reserved now.</summary>
    public long AvailableBytes
    {
        get
        {
            lock (_gate)
            {
                return _available;
            }
        }
    }

    /// <summary>Reserves bytes, waiting until there are enough.</summary>
    /// <param name="bytes">At most <see cref="TotalBytes"/>: more could never be had.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is reserved then.</param>
    /// <returns>The reservation, to be disposed by whoever holds it last.</returns>
    public ValueTask<MemoryReservation> AcquireAsync(long bytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, TotalBytes);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<MemoryReservation>(cancellationToken);
        }

        lock (_gate)
        {
            if (_waiters.Count == 0 && Fits(bytes))
            {
                _available -= bytes;
                return ValueTask.FromResult(new MemoryReservation(this, bytes));
            }

            var waiter = new Waiter(bytes);
            var node = _waiters.AddLast(waiter);
            return new ValueTask<MemoryReservation>(WaitAsync(node, cancellationToken));
        }
    }

    /// <summary>Grants from now on no more than if the budget were of this size. What is reserved already stays so until it is given back.</summary>
    /// <param name="bytes">From what the largest wish needs beside what is held throughout, to <see cref="TotalBytes"/>, which lifts the limit.</param>
    public void LimitTo(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, TotalBytes);
        lock (_gate)
        {
            _ceiling = bytes;
            ServeWaiters();
        }
    }

    /// <summary>Takes reserved bytes back. Called by <see cref="MemoryReservation"/> only.</summary>
    internal void Return(long bytes)
    {
        lock (_gate)
        {
            _available += bytes;
            ServeWaiters();
        }
    }

    private async Task<MemoryReservation> WaitAsync(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => Cancel(node, cancellationToken));
        return await node.Value.Granted.Task.ConfigureAwait(false);
    }

    private void Cancel(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (node.List is null)
            {
                return;
            }

            _waiters.Remove(node);
            node.Value.Granted.TrySetCanceled(cancellationToken);

            // A large wish at the head may have held up smaller ones behind it.
            ServeWaiters();
        }
    }

    private bool Fits(long bytes) => TotalBytes - _available + bytes <= _ceiling;

    private void ServeWaiters()
    {
        while (_waiters.First is { } node && Fits(node.Value.Bytes))
        {
            _waiters.RemoveFirst();
            _available -= node.Value.Bytes;
            node.Value.Granted.SetResult(new MemoryReservation(this, node.Value.Bytes));
        }
    }

    private sealed class Waiter(long bytes)
    {
        public long Bytes { get; } = bytes;

        // Continuations must not run under the lock of whoever returned the memory.
        public TaskCompletionSource<MemoryReservation> Granted { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
