namespace Backup.Core.Postgres.Schema;

/// <summary>What the catalogs say about objects of every kind, read once: dependencies, comments, labels, initial privileges.</summary>
internal sealed class SharedCatalogs
{
    // Comments and labels of what came with the server stay there, except those of the schema public. Those of large objects (2613), of
    // which there may be very many, are rows of a table of the backup.
    private const string OwnObjects = "(objoid >= 16384 AND classoid <> 2613 OR (classoid = 2615 AND objoid = 2200))";

    /// <summary>
    /// The edges of <c>pg_depend</c> between objects that did not come with the server, columns taken for their objects, each once. Those of
    /// TOAST tables and of the triggers behind constraints, which nothing needs, are left out.
    /// </summary>
    public required IReadOnlyList<CatalogDependency> Dependencies { get; init; }

    /// <summary>The true names of the extensions that take an object along when they are dropped (<c>x</c>), by the object.</summary>
    public required ILookup<ObjectAddress, string> ExtensionDependencies { get; init; }

    /// <summary>Comments by address, columns included.</summary>
    public required IReadOnlyDictionary<ObjectAddress, string> Comments { get; init; }

    /// <summary>Security labels by address: provider and label.</summary>
    public required ILookup<ObjectAddress, (string Provider, string Label)> Labels { get; init; }

    /// <summary>The privileges that objects have right after <c>initdb</c> or CREATE EXTENSION, columns included.</summary>
    public required IReadOnlyDictionary<ObjectAddress, string[]> InitialPrivileges { get; init; }

    // Constraints and defaults that need more than their own relations. Few do, of the many that large schemas have.
    private readonly Lazy<HashSet<ObjectAddress>> _linked;

    /// <summary>Creates the look-ups, which are filled by the caller.</summary>
    public SharedCatalogs() =>
        _linked = new(() => [.. Dependencies!.Where(IsBeyondItsRelation).Select(dependency => dependency.Dependent)]);

    /// <summary>
    /// Whether a part of a table or constraint says and needs nothing that its container does not: it has neither comment nor label, goes with
    /// no extension, and has no dependency but that on its own relation. Such a part need not be an object.
    /// </summary>
    public bool IsPlain(ObjectAddress part) =>
        !Comments.ContainsKey(part) && !Labels.Contains(part) && !ExtensionDependencies.Contains(part) && !_linked.Value.Contains(part);

    /// <summary>Reads them all.</summary>
    public static async Task<SharedCatalogs> ReadAsync(ReadContext context, CancellationToken cancellationToken)
    {
        var dependencies = await CatalogDependencies.ReadAsync(context, cancellationToken).ConfigureAwait(false);
        var extensions = await context.QueryAsync(
            """
            SELECT d.classid, d.objid, e.extname
            FROM pg_catalog.pg_depend d
            JOIN pg_catalog.pg_extension e ON d.refclassid = 3079 AND e.oid = d.refobjid
            WHERE d.deptype = 'x' AND d.objid >= 16384 ORDER BY e.extname
            """,
            row => (Address: new ObjectAddress(row.Oid(0), row.Oid(1)), Extension: row.GetString(2)),
            cancellationToken).ConfigureAwait(false);
        var comments = await context.QueryAsync(
            $"SELECT classoid, objoid, objsubid, description FROM pg_catalog.pg_description WHERE {OwnObjects}",
            row => (Address: new ObjectAddress(row.Oid(0), row.Oid(1), row.GetInt32(2)), Text: row.GetString(3)),
            cancellationToken).ConfigureAwait(false);
        var labels = await context.QueryAsync(
            $"""
            SELECT classoid, objoid, objsubid, provider, label FROM pg_catalog.pg_seclabel
            WHERE {OwnObjects} ORDER BY classoid, objoid, objsubid, provider
            """,
            row => (Address: new ObjectAddress(row.Oid(0), row.Oid(1), row.GetInt32(2)), Label: (row.GetString(3), row.GetString(4))),
            cancellationToken).ConfigureAwait(false);
        var privileges = await context.QueryAsync(
            "SELECT classoid, objoid, objsubid, initprivs::text[] FROM pg_catalog.pg_init_privs",
            row => (Address: new ObjectAddress(row.Oid(0), row.Oid(1), row.GetInt32(2)), Items: row.Texts(3) ?? []),
            cancellationToken).ConfigureAwait(false);
        return new SharedCatalogs
        {
            Dependencies = dependencies,
            ExtensionDependencies = extensions.ToLookup(item => item.Address, item => item.Extension),
            Comments = comments.ToDictionary(comment => comment.Address, comment => comment.Text),
            Labels = labels.ToLookup(label => label.Address, label => label.Label),
            InitialPrivileges = privileges.ToDictionary(item => item.Address, item => item.Items),
        };
    }

    // Its own relation is what the catalogs have a part go with; other relations it needs in the normal way (n).
    private static bool IsBeyondItsRelation(CatalogDependency dependency) =>
        dependency.Dependent.ClassId is SystemCatalog.Constraint or SystemCatalog.ColumnDefault
        && !(dependency.Reference.ClassId == SystemCatalog.Relation && dependency.Type is 'a' or 'i');
}
