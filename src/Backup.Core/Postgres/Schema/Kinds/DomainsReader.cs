using System.Text;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads domains and their constraints.</summary>
/// <remarks>
/// A constraint that was never validated is made after the rows, as its own statement: inside CREATE DOMAIN it would be
/// valid, and before the rows it would refuse those that break it.
/// </remarks>
internal sealed class DomainsReader : ObjectKindReader
{
    // A default without an expression (typdefault alone) is the base type's and comes with it.
    private const string DomainQuery =
        $"""
        SELECT {TypeRow.Columns},
            pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull, pg_catalog.pg_get_expr(t.typdefaultbin, 0),
            CASE WHEN t.typcollation <> b.typcollation AND t.typcollation <> 0 THEN
                (SELECT pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(c.collname)
                FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
                WHERE c.oid = t.typcollation) END,
            t.typdefault IS NULL AND b.typdefault IS NOT NULL
        FROM {TypeRow.Source}
        JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
        WHERE t.typtype = 'd'
        """;

    // Named NOT NULL constraints ('n') came with version 17; before it, typnotnull alone tells.
    private const string ConstraintQuery =
        """
        SELECT c.oid, c.contypid, c.conname, c.contype, c.convalidated, pg_catalog.pg_get_constraintdef(c.oid)
        FROM pg_catalog.pg_constraint c
        WHERE c.contypid <> 0 AND c.contype IN ('c', 'n') AND c.oid >= 16384
        ORDER BY c.contypid, c.conname
        """;

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var constraints = (await context.QueryAsync(
            ConstraintQuery,
            row => new Constraint(row.Oid(0), row.Oid(1), row.GetString(2), row.Char(3), row.GetBoolean(4), row.GetString(5)),
            cancellationToken).ConfigureAwait(false)).ToLookup(constraint => constraint.Domain);
        var domains = await context.QueryAsync(
            DomainQuery,
            row => new Domain(
                TypeRow.Read(context, row),
                row.GetString(TypeRow.Next),
                row.GetBoolean(TypeRow.Next + 1),
                row.Text(TypeRow.Next + 2),
                row.Text(TypeRow.Next + 3),
                row.GetBoolean(TypeRow.Next + 4)),
            cancellationToken).ConfigureAwait(false);
        foreach (var domain in domains)
        {
            Add(catalog, domain, [.. constraints[domain.Type.Oid]]);
        }
    }

    private static void Add(SchemaCatalog catalog, Domain domain, IReadOnlyList<Constraint> constraints)
    {
        var parts = new List<(Constraint Constraint, SchemaObject Object)>();
        SchemaObject? value = null;
        var container = domain.Type.ToObject(
            ObjectKinds.Domain,
            () => Create(
                value is { IsSeparate: true } ? domain with { Default = null } : domain,
                [.. parts.Where(part => !part.Object.IsSeparate).Select(part => part.Constraint)]));
        catalog.Add(container);
        if (domain.Default is not null)
        {
            value = DefaultOf(domain, container);
            catalog.Add(value);
        }

        foreach (var constraint in constraints)
        {
            var part = ToObject(domain, constraint, container);
            if (!constraint.IsValidated)
            {
                part.Split();
            }

            parts.Add((constraint, part));
            catalog.Add(part);
        }
    }

    // A part of its own only where it needs the domain: a function of it.
    private static SchemaObject DefaultOf(Domain domain, SchemaObject container) => new()
    {
        Address = ObjectAddress.Of(DerivedStep.DomainDefault, domain.Type.Oid),
        Kind = ObjectKinds.DomainDefault,
        Schema = domain.Type.Schema,
        Name = domain.Type.Name,
        Container = container,
        Create = () => $"ALTER DOMAIN {domain.Type.Sql} SET DEFAULT {domain.Default};\n",
    };

    private static SchemaObject ToObject(Domain domain, Constraint constraint, SchemaObject container)
    {
        var name = SqlText.Identifier(constraint.Name);
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Constraint, constraint.Oid),
            Kind = ObjectKinds.DomainConstraint,
            Schema = domain.Type.Schema,
            Name = $"{domain.Type.Name} {constraint.Name}",
            Container = container,
            Requires = () => constraint.Type == 'n' ? [VersionRequirement.From(17, "a NOT NULL constraint of a domain")] : [],
            Create = () => $"ALTER DOMAIN {domain.Type.Sql} ADD CONSTRAINT {name} {constraint.Definition};\n",
            Drop = $"ALTER DOMAIN {domain.Type.Sql} DROP CONSTRAINT IF EXISTS {name};\n",
            Identity = $"CONSTRAINT {name} ON DOMAIN {domain.Type.Sql}",
        };
    }

    private static string Create(Domain domain, IReadOnlyList<Constraint> constraints)
    {
        var text = new StringBuilder($"CREATE DOMAIN {domain.Type.Sql} AS {domain.BaseType}");
        if (domain.Collation is not null)
        {
            text.Append($" COLLATE {domain.Collation}");
        }

        if (domain.IsNotNull && constraints.All(constraint => constraint.Type != 'n'))
        {
            text.Append(" NOT NULL");
        }

        if (domain.Default is not null)
        {
            text.Append($" DEFAULT {domain.Default}");
        }

        foreach (var constraint in constraints)
        {
            text.Append($"\n    CONSTRAINT {SqlText.Identifier(constraint.Name)} {constraint.Definition}");
        }

        // A new domain takes over the default that its base type has by now.
        text.Append(";\n");
        return domain.LacksDefault ? $"{text}ALTER DOMAIN {domain.Type.Sql} DROP DEFAULT;\n" : text.ToString();
    }

    private sealed record Domain(
        TypeRow Type, string BaseType, bool IsNotNull, string? Default, string? Collation, bool LacksDefault);

    private sealed record Constraint(uint Oid, uint Domain, string Name, char Type, bool IsValidated, string Definition);
}
