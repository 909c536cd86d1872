namespace Backup.Core.Postgres.Schema.Kinds;

/// <summary>The privileges of a relation that is read as a table is: its own, then those of its columns.</summary>
internal static class RelationAcls
{
    /// <summary>The privileges of one relation.</summary>
    public static IReadOnlyList<ObjectAcl> Of(
        SchemaCatalog catalog,
        uint relation,
        QualifiedName name,
        string owner,
        IReadOnlyList<string>? items,
        IReadOnlyList<string> standard)
    {
        var sql = name.ToSql();
        var columns = catalog.Columns.AclsOf(relation, sql, owner, catalog.Shared.InitialPrivileges);

        // What has the privileges that everything has when it is made has nothing to say.
        var hasOwn = items is not null || catalog.Shared.InitialPrivileges.ContainsKey(new ObjectAddress(SystemCatalog.Relation, relation));
        return hasOwn
            ? [new ObjectAcl { Type = AclObjectType.Table, Target = $"TABLE {sql}", Owner = owner, Items = items, Default = standard }, .. columns]
            : [.. columns];
    }
}
