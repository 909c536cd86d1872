using Backup.Core.Pipeline;

namespace Backup.Cli.Documents;

/// <summary>What a suspended run has left to do.</summary>
internal sealed record RemainingSection
{
    /// <summary>The number of tables that are not complete.</summary>
    public required int Tables { get; init; }

    /// <summary>About the size of what is to be read of them on the server.</summary>
    public required long TableBytes { get; init; }

    /// <summary>Whether there are objects that have not been listed or copied.</summary>
    public required bool HasObjects { get; init; }

    /// <summary>Their number, where it is known.</summary>
    public long? Objects { get; init; }

    /// <summary>Makes the section.</summary>
    public static RemainingSection Of(RemainingWork work) => new()
    {
        Tables = work.Tables,
        TableBytes = work.TableBytes,
        HasObjects = work.HasObjects,
        Objects = work.Objects,
    };
}
