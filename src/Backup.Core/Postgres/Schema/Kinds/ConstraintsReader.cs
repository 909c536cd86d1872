using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>
/// Reads the constraints of tables. CREATE TABLE carries validated check constraints; keys come after the rows, and
/// foreign keys after all keys.
/// </summary>
internal sealed class ConstraintsReader : ObjectKindReader
{
    // The first version that has keys WITHOUT OVERLAPS.
    private const int WithoutOverlaps = 18;

    private const string Ancestors =
        """
        ARRAY(
            WITH RECURSIVE above(id) AS (
                SELECT con.conparentid
                UNION ALL
                SELECT a.conparentid FROM above JOIN pg_catalog.pg_constraint a ON a.oid = above.id)
            SELECT id FROM above WHERE id <> 0)
        """;

    /// <summary>A condition on <c>pg_constraint con</c>: its index tells rows apart by operators (<see cref="ConstraintDefinition.HasOperators"/>).</summary>
    /// <param name="majorVersion">The server's major version.</param>
    public static string HasOperators(int majorVersion) =>
        majorVersion >= WithoutOverlaps ? "(con.contype = 'x' OR (con.contype IN ('p', 'u') AND con.conperiod))" : "con.contype = 'x'";

    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        var hasOperators = HasOperators(context.Major);
        var constraints = await context.QueryAsync(
            $"""
            SELECT con.oid, con.conrelid, con.conname, con.contype, con.condeferrable, con.condeferred, con.convalidated,
                con.conislocal, con.conindid, coalesce(con.conkey[1], 0), pg_catalog.pg_get_constraintdef(con.oid),
                CASE WHEN p.oid IS NOT NULL THEN {Ancestors} END, {hasOperators},
                CASE WHEN {hasOperators} THEN con.conparentid ELSE 0 END
            FROM pg_catalog.pg_constraint con
            JOIN pg_catalog.pg_class c ON c.oid = con.conrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_constraint p
                ON con.contype = 'f' AND p.oid = con.conparentid AND p.conrelid <> con.conrelid AND p.conname <> con.conname
            WHERE con.contype IN ('c', 'n', 'p', 'u', 'x', 'f') AND (con.contype <> 'f' OR con.conparentid = 0 OR p.oid IS NOT NULL)
                AND c.relkind IN ('r', 'p', 'f') AND {ReadContext.UserSchema}
            ORDER BY n.nspname, c.relname, con.conname
            """,
            Map,
            cancellationToken).ConfigureAwait(false);
        var parts = (await context.QueryAsync(
            """
            SELECT inh.inhparent, inh.inhrelid FROM pg_catalog.pg_inherits inh
            JOIN pg_catalog.pg_index i ON i.indexrelid = inh.inhrelid
            """,
            row => (Parent: row.Oid(0), Part: row.Oid(1)),
            cancellationToken).ConfigureAwait(false)).ToLookup(pair => pair.Parent, pair => pair.Part);
        var named = constraints.SelectMany(item => item.Ancestors.Select(above => (above, item.Oid))).ToLookup(pair => pair.above, pair => pair.Oid);
        var ofPartitions = constraints.Where(item => item.Parent != 0).ToLookup(item => item.Parent);
        foreach (var constraint in constraints)
        {
            var table = catalog.Tables[constraint.Table];
            switch (constraint.Type)
            {
                case 'c':
                    AddCheck(constraint, table, catalog);
                    break;
                case 'n':
                    AddNotNull(constraint, table, catalog);
                    break;
                case 'f':
                    AddForeignKey(constraint, table, catalog, [.. Attachments(constraint.Index, parts), .. named[constraint.Oid].Select(AddressOf)]);
                    break;
                default:
                    AddKey(constraint, table, catalog, ofPartitions);
                    break;
            }
        }
    }

    private static ConstraintDefinition Map(NpgsqlDataReader row) => new()
    {
        Oid = row.Oid(0),
        Table = row.Oid(1),
        Name = row.GetString(2),
        Type = row.Char(3),
        IsDeferrable = row.GetBoolean(4),
        IsDeferred = row.GetBoolean(5),
        IsValidated = row.GetBoolean(6),
        IsLocal = row.GetBoolean(7),
        Index = row.Oid(8),
        Column = row.GetInt16(9),
        Definition = row.GetString(10),
        Ancestors = row.IsDBNull(11) ? [] : row.GetFieldValue<uint[]>(11),
        HasOperators = row.GetBoolean(12),
        Parent = row.Oid(13),
    };

    private static ObjectAddress AddressOf(uint oid) => new(SystemCatalog.Constraint, oid);

    private static void AddCheck(ConstraintDefinition constraint, TableDefinition table, SchemaCatalog catalog)
    {
        // A partition has to bring its parent's constraints along to be attached; any other child inherits them.
        if (!constraint.IsLocal && !table.IsPartition)
        {
            AddInherited(constraint, table);
            return;
        }

        // One that was never validated must not stop the rows it does not hold for, and a parent hands it on.
        var isInline = constraint.IsValidated;
        if (!isInline && !constraint.IsLocal)
        {
            return;
        }

        if (isInline && catalog.Shared.IsPlain(constraint.Address))
        {
            table.Checks.Add(new InlinePart(null, constraint.Clause) { Name = constraint.Name });
            return;
        }

        // Without ONLY: children get it from their parent, as they did in the source.
        var add = $"ALTER TABLE {table.Name.ToSql()}\n    ADD {constraint.Clause};\n";
        var container = isInline ? catalog.Find(table.Address) : null;
        var item = ToObject(constraint, table, ObjectKinds.CheckConstraint, () => constraint.IsLocal ? add : "", container);
        catalog.Add(item);
        if (isInline)
        {
            table.Checks.Add(new InlinePart(item, constraint.Clause));
        }
    }

    // An object of its own only for its comment, unless it was never validated, or is not for children: a server before version 18, which
    // cannot make that, still makes the table then.
    private static void AddNotNull(ConstraintDefinition constraint, TableDefinition table, SchemaCatalog catalog)
    {
        if (!constraint.IsLocal && !(table.IsPartition && constraint.IsValidated))
        {
            AddInherited(constraint, table);
            return;
        }

        var isInherited = !constraint.Definition.EndsWith(" NO INHERIT", StringComparison.Ordinal);
        var isInline = constraint.IsValidated && isInherited;
        if (!isInline || !catalog.Shared.IsPlain(constraint.Address))
        {
            var add = $"ALTER TABLE {(isInherited ? "" : "ONLY ")}{table.Name.ToSql()}\n    ADD {constraint.Clause};\n";
            catalog.Add(ToObject(
                constraint,
                table,
                constraint.IsValidated && !isInherited ? ObjectKinds.OwnNotNull : ObjectKinds.NotNullConstraint,
                () => add,
                isInline ? catalog.Find(table.Address) : null,
                requires: [VersionRequirement.From(18, "a NOT NULL constraint of its own")]));
        }

        if (isInline)
        {
            table.NotNulls?.Add(constraint.Column, ToClause(constraint, table));
        }
    }

    private static void AddInherited(ConstraintDefinition constraint, TableDefinition table)
    {
        if (constraint.IsValidated)
        {
            table.InheritedConstraints.Add(constraint);
        }
    }

    private static NotNullClause ToClause(ConstraintDefinition constraint, TableDefinition table)
    {
        var column = table.Columns.First(column => column.Number == constraint.Column).Name;

        // A child without a name in its clause would take its parent's.
        var isDefaultName = table.Parents.Count == 0 && constraint.Name == $"{table.Name.Name}_{column}_not_null";
        return new NotNullClause(isDefaultName ? null : constraint.Name);
    }

    private static void AddKey(
        ConstraintDefinition constraint, TableDefinition table, SchemaCatalog catalog, ILookup<uint, ConstraintDefinition> ofPartitions) =>
        catalog.Add(ToObject(
            constraint,
            table,
            ObjectKinds.Constraint,
            () => ComesWithParent(constraint, catalog)
                ? ""
                : ConstraintScript.AddKey(constraint, table, catalog.Indexes.GetValueOrDefault(constraint.Index))
                    + PartitionKeyScript.Create(constraint, table, Made(constraint.Oid, catalog, ofPartitions)),
            container: null,
            requires: table.RelationKind == 'p' && constraint.Type == 'x'
                ? [VersionRequirement.From(17, "an exclusion constraint of a partitioned table")]
                : []));

    private static bool ComesWithParent(ConstraintDefinition constraint, SchemaCatalog catalog) =>
        constraint.Parent != 0 && catalog.Find(AddressOf(constraint.Parent)) is { } parent && catalog.IsDefined(parent);

    // The keys of the partitions that come with one.
    private static List<(ConstraintDefinition Key, TableDefinition Table, IndexDefinition? Index)> Made(
        uint constraint, SchemaCatalog catalog, ILookup<uint, ConstraintDefinition> ofPartitions) =>
    [
        .. ofPartitions[constraint]
            .Where(part => catalog.Find(part.Address) is { } item && catalog.IsDefined(item))
            .SelectMany(part => Made(part.Oid, catalog, ofPartitions)
                .Prepend((part, catalog.Tables[part.Table], catalog.Indexes.GetValueOrDefault(part.Index)))),
    ];

    // A partition takes its table's foreign key over under the same name, or keeps one that it has already: those of other names
    // are made first, so that they keep them.
    private static void AddForeignKey(
        ConstraintDefinition constraint, TableDefinition table, SchemaCatalog catalog, IReadOnlyList<ObjectAddress> needs)
    {
        // A foreign key of a partitioned table holds for its partitions too, which ONLY would exclude.
        var only = table.RelationKind == 'p' ? "" : "ONLY ";
        catalog.Add(ToObject(
            constraint,
            table,
            ObjectKinds.ForeignKey,
            () => $"ALTER TABLE {only}{table.Name.ToSql()}\n    ADD {constraint.Clause};\n",
            container: null,
            needs,
            table.RelationKind == 'p' && !constraint.IsValidated
                ? [VersionRequirement.From(18, "a foreign key of a partitioned table that is NOT VALID")]
                : []));
    }

    // The key of a partitioned table is complete, and can be referenced, once all its parts are attached.
    private static IEnumerable<ObjectAddress> Attachments(uint index, ILookup<uint, uint> parts) =>
        parts[index].SelectMany(part => Attachments(part, parts).Prepend(ObjectAddress.Of(DerivedStep.Attachment, part)));

    private static SchemaObject ToObject(
        ConstraintDefinition constraint,
        TableDefinition table,
        ObjectKind kind,
        Func<string> create,
        SchemaObject? container,
        IReadOnlyList<ObjectAddress>? needs = null,
        IReadOnlyList<VersionRequirement>? requires = null) =>
        new()
        {
            Address = constraint.Address,
            Kind = kind,
            Schema = table.Name.Schema,
            Name = constraint.Name,
            Table = table.Name.Name,
            BelongsTo = table.Address,
            Container = container,
            DependsOn = needs ?? [],
            Ignores = constraint.Ancestors.Count == 0 ? [] : [.. constraint.Ancestors.Select(AddressOf)],
            Create = create,
            Requires = requires is null or [] ? SchemaObject.NoRequirements : () => requires,
            Drop = ObjectText.By(static item =>
                $"ALTER TABLE IF EXISTS {item.TableToSql()} DROP CONSTRAINT IF EXISTS {SqlText.Identifier(item.Name)};\n"),
            Identity = ObjectText.By(static item => $"CONSTRAINT {SqlText.Identifier(item.Name)} ON {item.TableToSql()}"),
        };
}
