namespace Backup.Core.Hosting;

/// <summary>One background thread that runs one work item at a time, for what blocks or computes for long.</summary>
/// <remarks>
/// Reading COPY costs a wake-up per network packet: a thread of its own that blocks takes them without the allocations of an
/// asynchronous read. Packing keeps a core busy for as long as a run takes. On threads of the pool both would hold up the
/// host's requests and the continuations that feed them. Awaiters go on elsewhere, never on this thread.
/// </remarks>
internal sealed class DedicatedThread : IDisposable
{
    private readonly object _signal = new();
    private Action? _next;
    private bool _isEnded;

    /// <summary>Starts the thread.</summary>
    public DedicatedThread(string name)
    {
        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Runs a function on the thread; the previous one must have ended.</summary>
    /// <returns>A task that ends with the function's result or fault.</returns>
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

    /// <summary>Lets the thread end when its work is done; does not wait for it.</summary>
    public void Dispose()
    {
        lock (_signal)
        {
            _isEnded = true;
            Monitor.Pulse(_signal);
        }
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
