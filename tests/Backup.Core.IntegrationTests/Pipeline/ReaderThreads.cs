namespace Backup.Core.IntegrationTests.Pipeline;

/// <summary>The threads of this process that read rows; they bear a name of their own.</summary>
internal static class ReaderThreads
{
    // Linux keeps 15 characters of a thread's name.
    private const string Name = "backup-core rea";

    /// <summary>Waits until each has ended that is there now. Tests beside this one may start others meanwhile.</summary>
    public static async Task UntilGoneAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var left = Find();
        while (left.Count > 0)
        {
            await tick.WaitForNextTickAsync(limit.Token);
            left.IntersectWith(Find());
        }
    }

    private static HashSet<string> Find()
    {
        if (!OperatingSystem.IsLinux())
            return [];

        return [.. Directory.EnumerateDirectories("/proc/self/task").Where(task =>
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
        })];
    }
}
