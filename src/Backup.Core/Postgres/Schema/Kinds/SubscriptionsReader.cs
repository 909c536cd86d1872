using System.Text;
using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads subscriptions, which are made without connecting: they stay disabled until someone refreshes and enables them.</summary>
/// <remarks>
/// Only superusers may read the connection strings, which may hold a password; for other roles subscriptions count as
/// unsupported.
/// </remarks>
internal sealed class SubscriptionsReader : ObjectKindReader
{
    private const string AnyOrigin = "any";
    private const string ReadableQuery =
        "SELECT pg_catalog.has_column_privilege('pg_catalog.pg_subscription'::regclass, 'subconninfo', 'SELECT')";

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var isReadable = await context.QueryAsync(ReadableQuery, row => row.GetBoolean(0), cancellationToken).ConfigureAwait(false);
        if (!isReadable[0])
        {
            return;
        }

        var subscriptions = await context.QueryAsync(QueryFor(context.Major), row => ToObject(context, row), cancellationToken)
            .ConfigureAwait(false);
        foreach (var subscription in subscriptions)
        {
            catalog.Add(subscription);
        }
    }

    private static string QueryFor(int majorVersion)
    {
        // "streaming" became a choice of three in version 16.
        var streaming = majorVersion >= 16 ? "s.substream" : "CASE WHEN s.substream THEN 't' ELSE 'f' END::\"char\"";
        return $"""
            SELECT s.oid, s.subname, s.subowner, s.subconninfo, s.subslotname::text, s.subpublications, s.subbinary, {streaming},
                {Since(15, "s.subtwophasestate <> 'd'", "false")}, {Since(15, "s.subdisableonerr", "false")}, s.subsynccommit,
                {Since(16, "s.suborigin", "NULL::text")}, {Since(16, "s.subpasswordrequired", "true")},
                {Since(16, "s.subrunasowner", "false")}, {Since(17, "s.subfailover", "false")}
            FROM pg_catalog.pg_subscription s
            JOIN pg_catalog.pg_database d ON d.oid = s.subdbid AND d.datname = pg_catalog.current_database()
            """;

        string Since(int version, string present, string absent) => majorVersion >= version ? present : absent;
    }

    // In other words: what is not as the versions before had it.
    private static IEnumerable<VersionRequirement> RequirementsOf(NpgsqlDataReader row)
    {
        (bool IsUsed, int Since, string Option)[] options =
        [
            (row.GetBoolean(8), 15, "two_phase"),
            (row.GetBoolean(9), 15, "disable_on_error"),
            (row.Char(7) == 'p', 16, "parallel streaming"),
            (row.Text(11) is not (null or AnyOrigin), 16, "origin"),
            (!row.GetBoolean(12), 16, "password_required"),
            (row.GetBoolean(13), 16, "run_as_owner"),
            (row.GetBoolean(14), 17, "failover"),
        ];
        return options.Where(option => option.IsUsed)
            .Select(option => VersionRequirement.From(option.Since, $"a subscription's option {option.Option}"));
    }

    private static SchemaObject ToObject(ReadContext context, NpgsqlDataReader row)
    {
        var name = row.GetString(1);
        var sql = SqlText.Identifier(name);
        var publications = string.Join(", ", (row.Texts(5) ?? []).Select(SqlText.Identifier));
        var create = new StringBuilder(
            $"CREATE SUBSCRIPTION {sql} CONNECTION {SqlText.Literal(row.GetString(3))} PUBLICATION {publications} WITH (connect = false");
        create.Append($", slot_name = {(row.Text(4) is { } slot ? SqlText.Literal(slot) : "NONE")}");
        create.Append(row.GetBoolean(6) ? ", binary = true" : "");
        create.Append($", streaming = {row.Char(7) switch { 't' => "on", 'p' => "parallel", _ => "off" }}");
        create.Append(row.GetBoolean(8) ? ", two_phase = on" : "");
        create.Append(row.GetBoolean(9) ? ", disable_on_error = true" : "");
        create.Append(row.GetString(10) == "off" ? "" : $", synchronous_commit = {SqlText.Literal(row.GetString(10))}");
        create.Append(row.Text(11) is { } origin and not AnyOrigin ? $", origin = {SqlText.Literal(origin)}" : "");
        create.Append(row.GetBoolean(12) ? "" : ", password_required = false");
        create.Append(row.GetBoolean(13) ? ", run_as_owner = true" : "");
        create.Append(row.GetBoolean(14) ? ", failover = true" : "");
        create.Append(");\n");
        var requires = RequirementsOf(row).ToList();
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Subscription, row.Oid(0)),
            Kind = ObjectKinds.Subscription,
            Name = name,
            Create = () => create.ToString(),
            Identity = $"SUBSCRIPTION {sql}",
            Owner = context.RoleName(row.Oid(2)),
            Requires = () => requires,
        };
    }
}
