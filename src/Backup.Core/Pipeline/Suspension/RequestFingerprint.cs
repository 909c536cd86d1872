using System.Security.Cryptography;
using System.Text;
using Backup.Core.Pipeline.Incremental;
using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Suspension;

/// <summary>What two parts of one run must have in common: what they read, and what they choose of it. Five digests, joined by dashes.</summary>
internal static class RequestFingerprint
{
    private const int DigestDigits = 16;

    // In the order of the digests.
    private static readonly string[] Aspects = ["what is backed up", "the database", "the choice of tables", "the object store", "the choice of objects"];

    /// <summary>Reads it off a request and what it has opened.</summary>
    /// <param name="parts">The pipeline.</param>
    /// <param name="request">The request.</param>
    /// <param name="source">What it reads.</param>
    public static string Of(PipelineParts parts, BackupRequest request, SourceIdentity source) =>
        Of(parts.Lanes, request, source.Database, source.Server, source.Store);

    /// <summary>Makes it.</summary>
    /// <param name="lanes">What is backed up.</param>
    /// <param name="request">The request.</param>
    /// <param name="database">The database's name.</param>
    /// <param name="server">What tells its server from others.</param>
    /// <param name="store">Where the object store is.</param>
    public static string Of(RunLanes lanes, BackupRequest request, string? database, string? server, string? store)
    {
        var tables = request.Tables;
        var objects = request.Objects;
        return string.Join(
            '-',
            Digest($"{lanes.HasRows}", $"{lanes.HasObjects}"),
            Digest(database, server),
            lanes.HasRows
                ? Digest([Set(tables.IncludeSchemas), Set(tables.ExcludeSchemas), Set(tables.IncludeTables), Set(tables.ExcludeTables), .. Preset(tables)])
                : Digest(),
            Digest(store),
            lanes.HasObjects ? Digest(Set(objects.Buckets), objects.Prefix) : Digest());
    }

    /// <summary>Names what differs between two of them.</summary>
    /// <returns><see langword="null"/> when they are equal.</returns>
    public static string? FindDifference(string kept, string actual)
    {
        if (kept == actual)
        {
            return null;
        }

        var before = kept.Split('-');
        var now = actual.Split('-');
        var differing = before.Length == now.Length ? Aspects.Where((_, index) => before[index] != now[index]) : Aspects;
        return string.Join(", ", differing);
    }

    // The order in which patterns are given means nothing.
    private static string Set(IReadOnlyList<string> patterns) => string.Join('\n', patterns.Order(StringComparer.Ordinal));

    // A run that was begun by a version without presets has none.
    private static string[] Preset(TableSelection tables) => tables.Preset == DatabasePreset.None ? [] : [$"{tables.Preset}"];

    private static string Digest(params ReadOnlySpan<string?> texts)
    {
        // Each with its length, so that no text can be taken for the end of another.
        var all = new StringBuilder();
        foreach (var text in texts)
        {
            all.Append(text?.Length ?? -1).Append(':').Append(text);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all.ToString())))[..DigestDigits];
    }
}
