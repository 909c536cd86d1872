namespace Backup.Cli;

/// <summary>The command line or the environment asks for what cannot be; found before anything is begun.</summary>
internal sealed class UsageException(string message, string? hint = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What to do about it.</summary>
    public string? Hint { get; } = hint;
}
