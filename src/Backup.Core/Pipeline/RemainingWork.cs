namespace Backup.Core.Pipeline;

/// <summary>What a suspended run has left to do: <see cref="BackupRequest.Resume"/> goes on with it.</summary>
/// <remarks>All figures are those of this part's snapshot; a later part may find more, or less.</remarks>
public sealed record RemainingWork
{
    /// <summary>The number of tables that are not complete yet. Each is read whole by a later part, unless tables may be mixed.</summary>
    public required int Tables { get; init; }

    /// <summary>About the size of what is to be read of them on the server, heap and TOAST, in bytes.</summary>
    public required long TableBytes { get; init; }

    /// <summary>Whether there are objects that have not been listed or copied yet.</summary>
    public required bool HasObjects { get; init; }

    /// <summary>The number of these objects; <see langword="null"/> where nobody knows, because the store lists itself and has not come to the end.</summary>
    public long? Objects { get; init; }
}
