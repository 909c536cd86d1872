using Npgsql;

namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>Reads sequences, what owns them and where they stand. An identity column is made with its sequence.</summary>
internal sealed class SequencesReader : ObjectKindReader
{
    /// <inheritdoc/>
    public override async Task ReadAsync(ReadContext context, SchemaCatalog catalog, CancellationToken cancellationToken)
    {
        // Before version 15 all sequences are logged, whatever their tables are.
        var persistence = context.Major >= SequenceScript.UnloggedVersion ? "c.relpersistence" : "NULL::\"char\"";
        var sequences = await context.QueryAsync(
            $"""
            SELECT c.oid, c.relnamespace, c.relname, c.relowner, {persistence}, pg_catalog.format_type(s.seqtypid, NULL),
                s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
                d.refobjid, d.refobjsubid, d.deptype, c.relacl::text[], acldefault('s', c.relowner)::text[],
                pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_sequence_privilege(c.oid, 'SELECT')
            FROM pg_catalog.pg_class c
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
            LEFT JOIN pg_catalog.pg_depend d ON d.classid = {SystemCatalog.Relation} AND d.objid = c.oid AND d.objsubid = 0
                AND d.refclassid = {SystemCatalog.Relation} AND d.deptype IN ('a', 'i')
            WHERE c.relkind = 'S' AND {ReadContext.UserSchema}
            ORDER BY n.nspname, c.relname
            """,
            row => (Sequence: Map(row, context), Acl: row.Texts(15), Default: row.Texts(16) ?? [], IsReadable: !row.IsDBNull(17) && row.GetBoolean(17)),
            cancellationToken).ConfigureAwait(false);
        foreach (var (sequence, acl, standard, _) in sequences)
        {
            catalog.Add(ToObject(sequence, catalog, acl, standard));
            if (sequence is { IsIdentity: false, Column: not null } && OwnerObject(sequence, catalog) is { } owner)
            {
                catalog.Add(owner);
            }
        }

        var wanted = sequences
            .FindAll(row => catalog.HasPosition(catalog.Find(new ObjectAddress(SystemCatalog.Relation, row.Sequence.Oid))!, row.IsReadable))
            .ConvertAll(row => row.Sequence);
        await ReadPositionsAsync(context, catalog, wanted, cancellationToken).ConfigureAwait(false);
    }

    private static SequenceDefinition Map(NpgsqlDataReader row, ReadContext context) => new()
    {
        Oid = row.Oid(0),
        Name = new QualifiedName(context.SchemaName(row.Oid(1)), row.GetString(2)),
        Owner = context.RoleName(row.Oid(3)),
        IsUnlogged = row.IsDBNull(4) ? null : row.Char(4) == 'u',
        Type = row.GetString(5),
        Start = row.GetInt64(6),
        Increment = row.GetInt64(7),
        Minimum = row.GetInt64(8),
        Maximum = row.GetInt64(9),
        Cache = row.GetInt64(10),
        Cycles = row.GetBoolean(11),
        Column = row.IsDBNull(12) ? null : new ObjectAddress(SystemCatalog.Relation, row.Oid(12), row.GetInt32(13)),
        IsIdentity = !row.IsDBNull(14) && row.Char(14) == 'i',
    };

    private static SchemaObject ToObject(
        SequenceDefinition sequence, SchemaCatalog catalog, IReadOnlyList<string>? acl, IReadOnlyList<string> standard)
    {
        var table = sequence.Column is { } column ? catalog.Tables.GetValueOrDefault(column.ObjectId) : null;
        var relation = sequence.Column is { } owned ? catalog.Find(owned) : null;
        var identity = sequence.IsIdentity && table is not null
            ? table.Columns.FirstOrDefault(item => item.Number == sequence.Column!.Value.SubId)
            : null;
        return new SchemaObject
        {
            Address = new ObjectAddress(SystemCatalog.Relation, sequence.Oid),
            Kind = ObjectKinds.Sequence,
            Schema = sequence.Name.Schema,
            Name = sequence.Name.Name,
            Table = relation?.Schema == sequence.Name.Schema ? relation.Name : null,
            BelongsTo = relation?.Address,
            Create = () => identity is null ? SequenceScript.Create(sequence) : SequenceScript.AddIdentity(sequence, table!, identity),
            Variants = () => SequenceScript.VariantsOf(sequence, table, identity),
            Requires = identity is not null && table is { IsPartition: true }
                ? () => [VersionRequirement.Until(17, "an identity column of a partition alone")]
                : SchemaObject.NoRequirements,
            Drop = identity is null ? ObjectText.By(static item => $"DROP SEQUENCE IF EXISTS {item.ToSql()};\n") : null,
            Identity = ObjectText.By(static item => $"SEQUENCE {item.ToSql()}"),
            Owner = identity is null ? sequence.Owner : null,

            // The sequence comes first, so that the table's default can name it; OWNED BY follows both.
            Ignores = identity is null && relation is not null ? [relation.Address] : [],
            Acls = acl is null && !catalog.Shared.InitialPrivileges.ContainsKey(new ObjectAddress(SystemCatalog.Relation, sequence.Oid))
                ? []
                :
                [
                    new ObjectAcl
                    {
                        Type = AclObjectType.Sequence,
                        Target = $"SEQUENCE {sequence.Name.ToSql()}",
                        Owner = sequence.Owner,
                        Items = acl,
                        Default = standard,
                    },
                ],
        };
    }

    private static SchemaObject? OwnerObject(SequenceDefinition sequence, SchemaCatalog catalog)
    {
        var address = sequence.Column!.Value;
        var column = catalog.Columns.Of(address.ObjectId).FirstOrDefault(item => item.Number == address.SubId);
        if (column is null || catalog.Find(address) is not { } relation)
        {
            return null;
        }

        var target = $"{new QualifiedName(relation.Schema!, relation.Name).ToSql()}.{SqlText.Identifier(column.Name)}";
        return new SchemaObject
        {
            Address = ObjectAddress.Of(DerivedStep.SequenceOwner, sequence.Oid),
            Kind = ObjectKinds.SequenceOwner,
            Schema = sequence.Name.Schema,
            Name = sequence.Name.Name,
            Table = relation.Schema == sequence.Name.Schema ? relation.Name : null,
            BelongsTo = new ObjectAddress(SystemCatalog.Relation, sequence.Oid),
            DependsOn = [new ObjectAddress(SystemCatalog.Relation, sequence.Oid), address],
            Create = () => $"ALTER SEQUENCE {sequence.Name.ToSql()} OWNED BY {target};\n",
        };
    }

    private static async Task ReadPositionsAsync(
        ReadContext context, SchemaCatalog catalog, List<SequenceDefinition> sequences, CancellationToken cancellationToken)
    {
        var positions = await SequencePositions.ReadAsync(context, sequences.ConvertAll(sequence => sequence.Name), cancellationToken)
            .ConfigureAwait(false);
        foreach (var (sequence, (value, isCalled)) in sequences.Zip(positions))
        {
            var address = new ObjectAddress(SystemCatalog.Relation, sequence.Oid);
            catalog.Add(new SchemaObject
            {
                Address = ObjectAddress.DataOf(sequence.Oid),
                Kind = ObjectKinds.SequenceSet,
                Schema = sequence.Name.Schema,
                Name = sequence.Name.Name,
                Table = catalog.Find(address)!.Table,
                BelongsTo = address,
                DependsOn = [address],
                IsBeyondExtension = true,
                Create = () => SequenceScript.SetPosition(sequence.Name, value, isCalled),
            });
        }
    }
}
