namespace Backup.Cli.Output;

/// <summary>How a word is meant, which a terminal shows by its colour.</summary>
internal enum Tone
{
    /// <summary>All is well.</summary>
    Good,

    /// <summary>Something is to be known.</summary>
    Doubtful,

    /// <summary>Something is wrong.</summary>
    Bad,
}
