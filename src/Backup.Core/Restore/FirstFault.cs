using System.Runtime.ExceptionServices;

namespace Backup.Core.Restore;

/// <summary>Runs several pieces of work at once; the first one to fail stops the others and is what the caller sees.</summary>
internal static class FirstFault
{
    /// <summary>Runs the work and waits for all of it, whatever happens.</summary>
    public static async Task RunAsync(IEnumerable<Func<CancellationToken, Task>> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        await Task.WhenAll(work.Select(GuardAsync)).ConfigureAwait(false);
        if (first is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(first);
        }

        async Task GuardAsync(Func<CancellationToken, Task> piece)
        {
            try
            {
                await Task.Run(() => piece(stop.Token), CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref first, exception, null);
                await stop.CancelAsync().ConfigureAwait(false);
            }
        }
    }
}
