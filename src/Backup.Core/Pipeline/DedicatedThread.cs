using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Backup.Core.Pipeline;

/// <summary>A thread that an asynchronous loop moves to for the stretch that computes or blocks.</summary>
/// <remarks>
/// Packing keeps a core busy for as long as the run takes. On threads of the pool it would hold up the host's requests, and
/// a pool that is full of packers starves the continuations that feed them.
/// </remarks>
internal sealed class DedicatedThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    /// <summary>Starts the thread.</summary>
    public DedicatedThread(string name) =>
        new Thread(RunWork) { IsBackground = true, Name = name }.Start();

    /// <summary>Awaited, goes on with the caller's code on this thread, up to its next await that does not complete at once.</summary>
    public SwitchAwaitable SwitchTo() => new(this);

    /// <summary>Ends the thread after the work it has begun.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void RunWork()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }

        _work.Dispose();
    }

    /// <summary>What <see cref="SwitchTo"/> returns.</summary>
    internal readonly struct SwitchAwaitable(DedicatedThread thread) : ICriticalNotifyCompletion
    {
        /// <summary>Always <see langword="false"/>: the caller is to move.</summary>
        public bool IsCompleted => false;

        /// <summary>Called by the compiler.</summary>
        public SwitchAwaitable GetAwaiter() => this;

        /// <summary>Called by the compiler.</summary>
        public void GetResult()
        {
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => thread._work.Add(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => thread._work.Add(continuation);
    }
}
