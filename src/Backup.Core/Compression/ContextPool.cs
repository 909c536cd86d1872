using System.Collections.Concurrent;

namespace Backup.Core.Compression;

/// <summary>Keeps idle codec contexts for the next caller. Safe for several threads; a context has one user at a time.</summary>
/// <typeparam name="T">The context; its finalizer frees what a pool still holds when the pool itself is collected.</typeparam>
internal sealed class ContextPool<T>(Func<T> create, int capacity)
    where T : class, IDisposable
{
    private readonly ConcurrentQueue<T> _idle = new();

    /// <summary>Takes an idle context, or makes one.</summary>
    public T Rent() => _idle.TryDequeue(out var context) ? context : create();

    /// <summary>Gives a context back that is ready for its next use. A pool that is full frees it instead.</summary>
    public void Return(T context)
    {
        // Two threads may both pass the test: the pool then keeps one more than its capacity, which costs less than a lock.
        if (_idle.Count < capacity)
        {
            _idle.Enqueue(context);
        }
        else
        {
            context.Dispose();
        }
    }
}
