namespace Backup.Core.Hosting;

/// <summary>One background thread that runs one work item at a time, for what blocks or computes for long.</summary>
/// <remarks>
/// <para>Reading COPY costs a wake-up per network packet: a thread of its own that blocks takes them without the allocations of an
/// asynchronous read. Packing keeps a core busy for as long as a run takes. On threads of the pool both would hold up the
/// host's requests and the continuations that feed them.</para>
/// <para>Handing work over costs about as much as a small page does. So there are two ways: <see cref="RunAsync"/>, whose awaiters go on
/// elsewhere, and <see cref="EnterAsync"/>, behind which a flow of calls stays on the thread until it waits for something.</para>
/// </remarks>
internal sealed class DedicatedThread : IDisposable
{
    private readonly object _signal = new();
    private readonly Thread _thread;
    private Action? _next;
    private bool _isEnded;

    /// <summary>Starts the thread.</summary>
    public DedicatedThread(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>Whether the caller runs on the thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Runs a function on the thread; the previous one must have ended.</summary>
    /// <returns>A task that ends with the function's result or fault. Awaiters go on elsewhere, never on this thread.</returns>
    public Task<T> RunAsync<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_signal)
        {
            ObjectDisposedException.ThrowIf(_isEnded, this);
            if (_next is not null)
                throw new InvalidOperationException("The thread is given work before it has taken the last.");

            _next = () => Complete(completion, function);
            Monitor.Pulse(_signal);
        }

        return completion.Task;
    }

    /// <summary>
    /// What the caller awaits to go on on the thread, and at once where it is there already. It stays, with what follows and with its own
    /// callers, until one of them waits for something else.
    /// </summary>
    /// <exception cref="InvalidOperationException">Thrown behind the await: the thread has ended or was given something else to do.</exception>
    public ThreadEntry EnterAsync() => new(this);

    /// <summary>Lets the thread end when its work is done; does not wait for it.</summary>
    public void Dispose()
    {
        lock (_signal)
        {
            _isEnded = true;
            Monitor.Pulse(_signal);
        }
    }

    /// <summary>Takes in the rest of a caller that enters. One that cannot be taken goes on elsewhere, to find that out.</summary>
    internal void Post(Action continuation)
    {
        lock (_signal)
        {
            if (!_isEnded && _next is null)
            {
                _next = continuation;
                Monitor.Pulse(_signal);
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static rest => rest(), continuation, preferLocal: false);
    }

    private void Run()
    {
        while (true)
        {
            Action action;
            lock (_signal)
            {
                while (_next is null && !_isEnded)
                    Monitor.Wait(_signal);
                if (_next is null)
                    return;

                action = _next;
                _next = null;
            }

            action();
        }
    }

    private static void Complete<T>(TaskCompletionSource<T> completion, Func<T> function)
    {
        try
        {
            completion.SetResult(function());
        }
        catch (Exception e)
        {
            completion.SetException(e);
        }
    }
}
