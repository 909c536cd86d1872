namespace Backup.Core.Sharding.Processes;

/// <summary>The processes that copy the rows and objects of a run, and how they are started.</summary>
/// <remarks>
/// Each is a program that builds the same pipeline (the same database, store and sink) and calls <see cref="BackupWorker.RunAsync"/> with its
/// standard input and output. Nothing else may write to its standard output; its standard error is that of this process.
/// </remarks>
public sealed record WorkerProcessOptions
{
    /// <summary>The most processes: 64.</summary>
    public const int MaxCount = 64;

    /// <summary>How many processes there are, from 1 to <see cref="MaxCount"/>; never more than the run has parts.</summary>
    public required int Count { get; init; }

    /// <summary>The program.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments. Every process list shows them: no secret belongs here.</summary>
    /// <value>None by default.</value>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Environment variables that it gets beside this process's own, such as secrets; <see langword="null"/> removes one.</summary>
    /// <value>None by default.</value>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long a process may take to be ready, and to end once it is told to.</summary>
    /// <value>One minute by default.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    internal void ThrowIfInvalid()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(FileName);
        ArgumentOutOfRangeException.ThrowIfLessThan(Count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Count, MaxCount);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StartTimeout, TimeSpan.Zero);
    }
}
