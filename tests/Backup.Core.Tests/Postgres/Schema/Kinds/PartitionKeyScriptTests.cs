using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Schema.Kinds;

namespace Backup.Core.Tests.Postgres.Schema.Kinds;

public sealed class PartitionKeyScriptTests
{
    [Fact]
    public void Create_NoPartitions_IsNothing() => Assert.Equal("", PartitionKeyScript.Create(Key("k"), Table("t"), []));

    [Fact]
    public void Create_Partition_GivesItsKeyTheNameAndSettings()
    {
        var index = new IndexDefinition
        {
            Oid = 1,
            Relation = 2,
            Name = new QualifiedName("public", "own 'name'"),
            Definition = "",
            IsClustered = true,
            IsReplicaIdentity = false,
            Parent = 3,
            Constraint = 4,
        };

        var script = PartitionKeyScript.Create(Key("it's"), Table("t"), [(Key("own 'name'"), Table("Part"), index)]);

        // Quoted once as a literal of the block, and once more as the block is one.
        Assert.StartsWith("DO '", script);
        Assert.Contains("c.conrelid = pg_catalog.to_regclass(''public.t'') AND c.conname = ''it''''s''", script);
        Assert.Contains("(VALUES (pg_catalog.to_regclass(''public.\"Part\"''), ''own ''''name''''''))", script);
        Assert.EndsWith("ALTER TABLE public.\"Part\" CLUSTER ON \"own 'name'\";\n", script);
    }

    private static ConstraintDefinition Key(string name) => new()
    {
        Oid = 4,
        Table = 2,
        Name = name,
        Type = 'x',
        IsDeferrable = false,
        IsDeferred = false,
        IsValidated = true,
        IsLocal = true,
        Index = 1,
        Column = 1,
        Definition = "EXCLUDE USING gist (during WITH &&)",
        HasOperators = true,
    };

    private static TableDefinition Table(string name) => new()
    {
        Oid = 2,
        Address = new ObjectAddress(SystemCatalog.Relation, 2),
        Name = new QualifiedName("public", name),
        Owner = "boss",
        RelationKind = 'p',
        IsPartition = false,
        IsUnlogged = false,
        ReplicaIdentity = 'd',
        ForcesRowSecurity = false,
        Columns = [],
        NotNulls = null,
    };
}
