namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>The threads that runs make, of which none may outlive its run for long.</summary>
internal static class RunThreads
{
    private const string Tasks = "/proc/self/task";

    /// <summary>Whether all have ended or do so soon: a thread that was told to end does it on its own. Linux alone tells threads by their names.</summary>
    public static bool HaveEnded() => !Directory.Exists(Tasks) || SpinWait.SpinUntil(() => !Directory.EnumerateDirectories(Tasks).Any(IsOfRun), TimeSpan.FromSeconds(30));

    private static bool IsOfRun(string task)
    {
        try
        {
            return File.ReadAllText(Path.Join(task, "comm")).StartsWith("backup ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return false;
        }
    }
}
