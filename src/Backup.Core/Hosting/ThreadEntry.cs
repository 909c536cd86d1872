using System.Runtime.CompilerServices;

namespace Backup.Core.Hosting;

/// <summary>The way onto a <see cref="DedicatedThread"/>; to be awaited, once.</summary>
/// <param name="thread">The thread.</param>
internal readonly struct ThreadEntry(DedicatedThread thread) : ICriticalNotifyCompletion
{
    /// <summary>Whether the caller is on the thread.</summary>
    public bool IsCompleted => thread.IsCurrent;

    /// <summary>Gives what an await asks for.</summary>
    public ThreadEntry GetAwaiter() => this;

    /// <summary>Makes sure that the caller has come onto the thread.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or was given something else to do.</exception>
    public void GetResult()
    {
        if (!thread.IsCurrent)
            throw new InvalidOperationException("The thread has ended, or has other work to do.");
    }

    /// <summary>Puts the rest of the caller on the thread.</summary>
    public void OnCompleted(Action continuation) => thread.Post(continuation);

    /// <summary>Puts the rest of the caller, which carries its context itself, on the thread.</summary>
    public void UnsafeOnCompleted(Action continuation) => thread.Post(continuation);
}
