using Backup.Core.Errors;
using Backup.Core.Postgres.LargeObjects;
using Backup.Core.Postgres.StoredObjects;
using Npgsql;

namespace Backup.Core.Postgres.Probes;

/// <summary>Lists the selected relations as a backup does, without locking any.</summary>
internal static class RelationProbe
{
    // What the last VACUUM or ANALYZE has seen: the true sizes would wait for sessions that lock a table exclusively.
    private const string BytesQuery =
        """
        SELECT coalesce(sum(c.relpages::int8 + coalesce(t.relpages, 0)), 0)::int8 * pg_catalog.current_setting('block_size')::int8
        FROM pg_catalog.pg_class c
        LEFT JOIN pg_catalog.pg_class t ON t.oid = c.reltoastrelid
        WHERE c.oid = ANY ($1)
        """;

    /// <summary>Asks the server.</summary>
    /// <param name="source">The database.</param>
    /// <param name="selection">The tables that are to be backed up.</param>
    /// <param name="server">What the server said of itself.</param>
    /// <param name="cancellationToken">Cancels the questions.</param>
    /// <exception cref="DatabaseException">The server refuses, or a pattern of the selection matches nothing.</exception>
    public static Task<RelationFacts> ReadAsync(
        PostgresSource source, TableSelection selection, ServerFacts server, CancellationToken cancellationToken) =>
        DatabaseProbe.RunAsync(
            source,
            $"Listing the tables of {source.Description}",
            async (connection, token) =>
            {
                var (all, selected) = await RelationListing.ReadAsync(connection, selection, token).ConfigureAwait(false);
                var facts = Judge(all, selected, server);
                if (await LargeObjectDiscovery.FindFaultAsync(connection, selection, token).ConfigureAwait(false) is { } fault)
                    facts = facts with { Refused = [.. facts.Refused, fault] };
                return facts with { TableBytes = await ReadBytesAsync(connection, selected, token).ConfigureAwait(false) };
            },
            cancellationToken);

    /// <summary>Sorts relations by what stands in their way.</summary>
    public static RelationFacts Judge(
        IReadOnlyList<ListedRelation> all, IReadOnlyList<ListedRelation> selected, ServerFacts server)
    {
        var sequences = selected.Where(r => r.Kind == 'S' && (!r.IsExtensionMember || r.Condition is not null)).ToList();
        var unreadable = selected
            .Where(relation => relation.HasData)
            .Select(relation => (Relation: relation, Fault: TableReadability.Fault(relation, server.Role, server.IsStandby)))
            .Where(item => item.Fault is not null)
            .Select(item => (item.Relation, Table: new UnreadableTable(item.Relation.Name, item.Fault!)))
            .ToList();
        return new RelationFacts
        {
            Tables = selected.Count(relation => relation.HasData),
            TableBytes = 0,
            Locked = selected.Count(relation => relation.HasData || relation.IsPartitionedTable),
            Refused = [.. unreadable.Where(item => !item.Relation.CanSelect).Select(item => item.Table)],
            Hidden = [.. unreadable.Where(item => item.Relation is { CanSelect: true, HasRowSecurity: true }).Select(item => item.Table)],
            Unlogged = [.. unreadable.Where(item => item.Relation is { CanSelect: true, HasRowSecurity: false }).Select(item => item.Table)],
            Sequences = sequences.Count,
            RefusedSequences = [.. sequences.Where(sequence => !sequence.CanSelect).Select(sequence => sequence.Name)],
            Storage = StorageTables.Find(all, server.Role, server.IsStandby),
        };
    }

    private static async Task<long> ReadBytesAsync(
        NpgsqlConnection connection, IEnumerable<ListedRelation> selected, CancellationToken cancellationToken)
    {
        uint[] oids = [.. selected.Where(relation => relation.HasData).Select(relation => relation.Oid)];
        var sums = await Sql.QueryAsync(connection, BytesQuery, oids, row => row.GetInt64(0), cancellationToken).ConfigureAwait(false);
        return sums[0];
    }
}
