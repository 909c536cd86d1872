using Backup.TestKit.Workloads;

namespace Backup.Core.Peers.Comparisons;

/// <summary>The mixed database in a size.</summary>
internal static class MixedWorkload
{
    private const double Gigabyte = 1e9;

    /// <summary>The sizes asked for, or else the comparison's own.</summary>
    public static IReadOnlyList<long> Sizes(Workshop workshop, params long[] usual) =>
        workshop.Options.Sizes.Count > 0 ? workshop.Options.Sizes : usual;

    /// <summary>The database, made when there is none yet.</summary>
    public static Task<string> DatabaseAsync(Workshop workshop, long bytes, CancellationToken cancellationToken) =>
        workshop.DatabaseAsync(
            NameOf(bytes),
            bytes,
            text => MixedDatabase.FillAsync(text, bytes, cancellationToken),
            cancellationToken);

    /// <summary>The database, to copy it from: made when there is none yet.</summary>
    /// <returns>Its name.</returns>
    public static async Task<string> NameAsync(Workshop workshop, long bytes, CancellationToken cancellationToken)
    {
        await DatabaseAsync(workshop, bytes, cancellationToken);
        return NameOf(bytes);
    }

    /// <summary>A size for people: <c>1 GB</c>, <c>0.25 GB</c>.</summary>
    public static string Describe(long bytes) => FormattableString.Invariant($"{bytes / Gigabyte:0.##} GB");

    private static string NameOf(long bytes) => FormattableString.Invariant($"mixed_{bytes}");
}
