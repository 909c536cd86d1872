namespace Backup.Cli;

/// <summary>What the process says of itself when it ends. Scripts depend on these numbers.</summary>
internal static class ExitCode
{
    /// <summary>All that was asked for was done.</summary>
    public const int Complete = 0;

    /// <summary>The command went to its end, but some items failed; each is named.</summary>
    public const int CompletedWithFailures = 1;

    /// <summary>The command line, the environment or a setting is wrong; nothing was begun.</summary>
    public const int Usage = 2;

    /// <summary>The command failed; <c>create</c> has committed nothing.</summary>
    public const int Failed = 3;

    /// <summary><c>create</c> was suspended by its time budget; <c>--resume</c> goes on.</summary>
    public const int Suspended = 4;

    /// <summary>The command was cancelled; <c>create</c> has committed nothing.</summary>
    public const int Cancelled = 130;
}
