namespace Backup.Core.Hosting;

/// <summary>Disposes what was left behind as soon as the call that holds it has ended. Nobody waits for it, and nobody is told how it went.</summary>
internal static class LateDisposal
{
    /// <summary>Disposes what a call brings after all.</summary>
    /// <param name="call">The call that nobody waits for any more.</param>
    public static void OfResult<T>(Task<T> call)
        where T : IAsyncDisposable => _ = RunAsync(async () =>
    {
        var result = await call.ConfigureAwait(false);
        await result.DisposeAsync().ConfigureAwait(false);
    });

    /// <summary>Disposes what a call uses when that call has ended, well or not.</summary>
    /// <param name="call">The call that nobody waits for any more.</param>
    /// <param name="dispose">Disposes what it uses.</param>
    public static void After(Task call, Func<ValueTask> dispose) => _ = RunAsync(async () =>
    {
        await call.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await dispose().ConfigureAwait(false);
    });

    private static async Task RunAsync(Func<Task> disposal)
    {
        try
        {
            await disposal().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The caller went on long ago, and was told that the call did not end.
        }
    }
}
