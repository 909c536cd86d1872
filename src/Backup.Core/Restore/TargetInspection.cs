using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore.Server;

namespace Backup.Core.Restore;

/// <summary>What the target holds of a restore, before anything is changed.</summary>
internal sealed class TargetInspection
{
    /// <summary>The ids of the entries whose objects exist.</summary>
    public required IReadOnlySet<int> Existing { get; init; }

    /// <summary>Why the target would not take the restore, one sentence each.</summary>
    public required IReadOnlyList<string> Obstacles { get; init; }

    /// <summary>How rows are loaded so that no foreign key and no trigger is in the way.</summary>
    public required LoadOrder LoadOrder { get; init; }

    /// <summary>What the target's server has; unknown where the restore is not about it.</summary>
    public TargetServer Server { get; init; } = TargetServer.Unknown;

    /// <summary>The same, and more in the way.</summary>
    public TargetInspection With(IReadOnlyList<string> obstacles) =>
        new() { Existing = Existing, Obstacles = [.. Obstacles, .. obstacles], LoadOrder = LoadOrder, Server = Server };

    /// <summary>The entries that are made: not what the target already holds and keeps.</summary>
    public bool IsMade(TocEntry entry, RestoreSet set) => !Existing.Contains(entry.Id)
        || !(set.Supporting.Contains(entry.Id) || (TocKinds.IsShared(entry.Kind) && !OnlyChanges(entry)));

    /// <summary>Examines the target.</summary>
    public static async Task<TargetInspection> InspectAsync(
        TargetSession session, RestoreSet set, RestoreRequest request, CancellationToken cancellationToken)
    {
        if (request.Scope == RestoreScope.DataOnly)
        {
            return await DataTargetInspection.InspectAsync(session, set, request, cancellationToken).ConfigureAwait(false);
        }

        var existing = await FindExistingAsync(session, set, cancellationToken).ConfigureAwait(false);
        var obstacles = new List<string>();
        if (!request.Clean)
        {
            AddConflicts(obstacles, set, existing);
        }
        else
        {
            await AddOtherPartitionsAsync(obstacles, session, set, cancellationToken).ConfigureAwait(false);
        }

        if (await MissingRoles.DescribeAsync(session, set, request, cancellationToken).ConfigureAwait(false) is { } missing)
        {
            obstacles.Add(missing);
        }

        return new TargetInspection
        {
            Existing = existing,
            Obstacles = obstacles,
            LoadOrder = set.PlatformTables.Count == 0
                ? LoadOrder.Free
                : await DataTargetInspection.FindOrderAsync(obstacles, session, set, request, cancellationToken).ConfigureAwait(false),
            Server = set.Server.IsEmpty ? TargetServer.Unknown : await TargetServer.ReadAsync(session, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>The ids of the entries whose objects the target has.</summary>
    public static async Task<HashSet<int>> FindExistingAsync(TargetSession session, RestoreSet set, CancellationToken cancellationToken)
    {
        var known = set.Objects.Select(entry => (Entry: entry, Class: ClassOf(entry))).Where(item => item.Class is not null).ToList();
        var places = await TargetCatalog.FindExistingAsync(
            session,
            [.. known.Select(item => new TargetObject(item.Class!, item.Entry.Schema ?? "", item.Entry.Name))],
            cancellationToken).ConfigureAwait(false);
        return places.Select(place => known[place].Entry.Id).ToHashSet();
    }

    // The schema public is part of every database, so its entry makes nothing: it sets the owner and the comment.
    private static bool OnlyChanges(TocEntry entry) => entry is { Kind: TocKinds.Schema, Drop: null };

    private static void AddConflicts(List<string> obstacles, RestoreSet set, HashSet<int> existing)
    {
        const int Named = 5;
        var conflicts = set.Objects
            .Where(entry => existing.Contains(entry.Id) && !TocKinds.IsShared(entry.Kind) && !set.Supporting.Contains(entry.Id))
            .ToList();
        if (conflicts.Count > 0)
        {
            var more = conflicts.Count > Named ? $" and {conflicts.Count - Named} more" : "";
            obstacles.Add(
                $"The target already holds {conflicts.Count} of the backup's objects: "
                + $"{string.Join(", ", conflicts.Take(Named).Select(RestoreNames.WithKind))}{more}. "
                + "Restore into an empty database, or ask for a clean restore, which removes them first.");
        }
    }

    // To the server a partition is a part of its table and goes with it without a word.
    private static async Task AddOtherPartitionsAsync(
        List<string> obstacles, TargetSession session, RestoreSet set, CancellationToken cancellationToken)
    {
        var removed = set.PreData
            .Where(entry => entry.Drop is not null && TocKinds.IsRelation(entry.Kind) && !set.Supporting.Contains(entry.Id))
            .Select(entry => new QualifiedName(entry.Schema ?? "", entry.Name))
            .ToList();
        var others = await TargetCatalog.FindOtherPartitionsAsync(session, removed, cancellationToken).ConfigureAwait(false);
        foreach (var partitions in others.GroupBy(item => item.Table, item => item.Partition))
        {
            obstacles.Add(
                $"With the table {partitions.Key} the target would lose {(partitions.Count() == 1 ? "the partition" : "the partitions")} "
                + $"{string.Join(", ", partitions)}, which this restore does not bring back. Detach or remove what is not needed first.");
        }
    }

    private static string? ClassOf(TocEntry entry) => entry.Kind switch
    {
        "SCHEMA" => "schema",
        "EXTENSION" => "extension",
        "PROCEDURAL LANGUAGE" => "language",
        "EVENT TRIGGER" => "event trigger",
        "PUBLICATION" => "publication",
        "FOREIGN DATA WRAPPER" => "foreign data wrapper",
        "SERVER" => "server",
        "TABLE" or "FOREIGN TABLE" or "VIEW" or "MATERIALIZED VIEW" or "SEQUENCE" or "INDEX" => "relation",
        "TYPE" or "SHELL TYPE" or "DOMAIN" => "type",
        "COLLATION" => "collation",
        "TEXT SEARCH CONFIGURATION" => "text search configuration",
        "TEXT SEARCH DICTIONARY" => "text search dictionary",
        "FUNCTION" or "PROCEDURE" or "AGGREGATE" => "routine",
        _ => null,
    };
}
