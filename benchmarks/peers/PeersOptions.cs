namespace Backup.Core.Peers;

/// <summary>What the command line asks for.</summary>
internal sealed record PeersOptions
{
    /// <summary>How often each program runs.</summary>
    public required int Rounds { get; init; }

    /// <summary>Sizes of the databases in bytes; empty takes those of each comparison.</summary>
    public required IReadOnlyList<long> Sizes { get; init; }

    /// <summary>Part of the names of the programs to run; empty runs all.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>Where files are made and archives written.</summary>
    public required string WorkFolder { get; init; }

    /// <summary>Where progress and tables go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Whether a program was asked for.</summary>
    public bool Includes(string program) =>
        Programs.Count == 0 || Programs.Any(part => program.Contains(part, StringComparison.OrdinalIgnoreCase));
}
