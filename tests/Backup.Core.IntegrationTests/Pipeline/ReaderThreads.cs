namespace Backup.Core.IntegrationTests.Pipeline;

/// <summary>The threads of this process that read rows; they bear a name of their own.</summary>
internal static class ReaderThreads
{
    // Linux keeps 15 characters of a thread's name.
    private const string Name = "backup-core rea";

    /// <summary>Waits until there are none.</summary>
    public static async Task UntilGoneAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Count() > 0)
            await tick.WaitForNextTickAsync(limit.Token);
    }

    private static int Count()
    {
        if (!OperatingSystem.IsLinux())
            return 0;

        return Directory.EnumerateDirectories("/proc/self/task").Count(task =>
        {
            try
            {
                return File.ReadAllText(Path.Join(task, "comm")).StartsWith(Name, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // It has ended in the meantime.
                return false;
            }
        });
    }
}
