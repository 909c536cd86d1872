using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads row security policies.</summary>
internal sealed class PoliciesReader : ObjectKindReader
{
    private const string Query =
        """
        SELECT p.oid, p.polname, p.polrelid, c.relnamespace, c.relname, p.polcmd, p.polpermissive, p.polroles,
            pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
        FROM pg_catalog.pg_policy p
        JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
        WHERE p.oid >= 16384
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var policies = await context.QueryAsync(
            Query,
            row => new Policy(
                row.Oid(0),
                row.GetString(1),
                row.Oid(2),
                new QualifiedName(context.SchemaName(row.Oid(3)), row.GetString(4)),
                row.Char(5),
                row.GetBoolean(6),
                [.. row.GetFieldValue<uint[]>(7).Where(role => role != 0).Select(context.RoleName)],
                row.Text(8),
                row.Text(9)),
            cancellationToken).ConfigureAwait(false);
        foreach (var policy in policies)
        {
            catalog.Add(ToObject(policy));
        }
    }

    private static SchemaObject ToObject(Policy policy)
    {
        var name = SqlText.Identifier(policy.Name);
        var table = policy.Table.ToSql();
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Policy, policy.Oid),
            Kind = ObjectKinds.Policy,
            Schema = policy.Table.Schema,
            Name = policy.Name,
            Table = policy.Table.Name,
            BelongsTo = new ObjectAddress(SystemCatalog.Relation, policy.Relation),
            Roles = policy.Roles,
            Create = () => Create(policy, name, table),
            Drop = $"DROP POLICY IF EXISTS {name} ON {table};\n",
            Identity = $"POLICY {name} ON {table}",
        };
    }

    private static string Create(Policy policy, string name, string table)
    {
        var text = new StringBuilder($"CREATE POLICY {name} ON {table}");
        if (!policy.IsPermissive)
        {
            text.Append(" AS RESTRICTIVE");
        }

        var command = policy.Command switch { 'r' => "SELECT", 'a' => "INSERT", 'w' => "UPDATE", 'd' => "DELETE", _ => null };
        if (command is not null)
        {
            text.Append($" FOR {command}");
        }

        // None stands for PUBLIC, which is also what no TO means.
        if (policy.Roles.Length > 0)
        {
            text.Append($" TO {string.Join(", ", policy.Roles.Select(SqlText.Identifier))}");
        }

        if (policy.Using is not null)
        {
            text.Append($" USING ({policy.Using})");
        }

        if (policy.Check is not null)
        {
            text.Append($" WITH CHECK ({policy.Check})");
        }

        return text.Append(";\n").ToString();
    }

    private sealed record Policy(
        uint Oid,
        string Name,
        uint Relation,
        QualifiedName Table,
        char Command,
        bool IsPermissive,
        string[] Roles,
        string? Using,
        string? Check);
}
