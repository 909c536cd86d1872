using Backup.Core.Peers.Results;

namespace Backup.Core.Peers.Reports;

/// <summary>Something that the figures must show.</summary>
/// <param name="Text">What, for people.</param>
internal abstract record Target(string Text)
{
    /// <summary>The bound, for people.</summary>
    public abstract string Bound { get; }

    /// <summary>What the figures show.</summary>
    /// <returns>The figure for people and whether it keeps the bound; <c>null</c> where nothing has been measured.</returns>
    public abstract (string Figure, bool IsReached)? Evaluate(IReadOnlyList<ComparisonResult> results);
}
