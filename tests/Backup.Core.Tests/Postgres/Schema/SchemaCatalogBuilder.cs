using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

/// <summary>Makes catalogs of a few objects, each with the edges that a server's <c>pg_depend</c> would hold.</summary>
internal sealed class SchemaCatalogBuilder
{
    private readonly List<SchemaObject> _objects = [];
    private readonly List<CatalogDependency> _dependencies = [];
    private readonly Dictionary<ObjectAddress, string> _comments = [];
    private uint _lastOid = 20_000;

    public SchemaObject Add(ObjectKind kind, string name, uint catalog = SystemCatalog.Relation, SchemaObject? container = null) =>
        Add(kind, name, $"CREATE {name};\n", catalog, container);

    public SchemaObject Add(
        ObjectKind kind,
        string name,
        string create,
        uint catalog = SystemCatalog.Relation,
        SchemaObject? container = null,
        IReadOnlyList<VersionRequirement>? requires = null,
        IReadOnlyList<StatementVariant>? variants = null,
        IReadOnlyList<ObjectAcl>? acls = null)
    {
        var item = new SchemaObject
        {
            Address = new ObjectAddress(catalog, ++_lastOid),
            Kind = kind,
            Schema = kind == ObjectKinds.Extension ? null : "public",
            Name = name,
            Create = () => create,
            Requires = () => requires ?? [],
            Variants = () => variants ?? [],
            Acls = acls ?? [],
            Identity = $"{kind} {name}",
            Container = container,
        };
        _objects.Add(item);
        return item;
    }

    public void Connect(SchemaObject item, SchemaObject needed, char type = 'n') => Connect(item.Address, needed.Address, type);

    public void Connect(ObjectAddress item, ObjectAddress needed, char type = 'n') =>
        _dependencies.Add(new CatalogDependency(item, needed, type));

    public void Comment(SchemaObject item, string text) => _comments[item.Address] = text;

    public SchemaCatalog Build(TableSelection? selection = null)
    {
        var shared = new SharedCatalogs
        {
            Dependencies = _dependencies,
            Comments = _comments,
            Labels = Enumerable.Empty<ObjectAddress>().ToLookup(address => address, _ => ("", "")),
            InitialPrivileges = new Dictionary<ObjectAddress, string[]>(),
            ExtensionDependencies = Enumerable.Empty<ObjectAddress>().ToLookup(address => address, _ => ""),
        };
        var catalog = new SchemaCatalog(selection ?? TableSelection.Everything, shared, new RelationColumns([]));
        _objects.ForEach(catalog.Add);
        return catalog;
    }

    public IReadOnlyList<string> Sort() => [.. DependencyOrder.Sort(Build()).Objects.Select(item => item.Name)];
}
