namespace Backup.Core.Archives.Manifest;

/// <summary>One item that a run could not back up, though it went on.</summary>
/// <param name="Subject">The item: a qualified table name, an object's name.</param>
/// <param name="Reason">Why, in one sentence without secrets.</param>
public sealed record FailureRecord(string Subject, string Reason)
{
    /// <summary>What the subject is.</summary>
    /// <value><see cref="FailureKind.Table"/> by default.</value>
    public FailureKind Kind { get; init; }

    /// <summary>
    /// The folder of what had been written of the item before it failed, ending in a slash: entries that belong to no table and
    /// are to be passed over. <see langword="null"/> where there is nothing of it.
    /// </summary>
    public string? Path { get; init; }
}
