using System.Runtime.InteropServices;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// What each object needs, from <c>pg_depend</c> and from the readers. Addresses that no reader added stand for the
/// object that made them (a row type for its table, a partition's trigger for the parent's), and members of an extension, known or
/// not, for the extension.
/// </summary>
internal sealed class DependencyGraph
{
    private readonly SchemaCatalog _catalog;
    private readonly Dictionary<SchemaObject, HashSet<SchemaObject>> _edges = [];
    private readonly Dictionary<ObjectAddress, ObjectAddress> _makers = [];

    /// <summary>Collects the edges between the catalog's objects.</summary>
    public DependencyGraph(SchemaCatalog catalog)
    {
        _catalog = catalog;
        foreach (var dependency in catalog.Shared.Dependencies)
        {
            // An operator in a family is no object for us: it is made by the class or the family.
            var isMember = dependency.Dependent.ClassId is SystemCatalog.AccessMethodOperator or SystemCatalog.AccessMethodProcedure
                && dependency.Reference.ClassId is SystemCatalog.OperatorClass or SystemCatalog.OperatorFamily;

            // A partition's trigger or foreign key (P) is made with its parent's.
            if (dependency.Type is 'i' or 'e' or 'P' || (isMember && dependency.Type == 'a'))
            {
                _makers.TryAdd(dependency.Dependent, dependency.Reference);
            }
        }

        // What an extension's members need is the extension's business; each of them only needs the extension.
        foreach (var dependency in catalog.Shared.Dependencies)
        {
            if (dependency.Type == 'e' || !catalog.IsExtensionMember(dependency.Dependent))
            {
                Connect(catalog.Find(dependency.Dependent) ?? Resolve(dependency.Dependent), dependency.Reference);
            }
        }

        foreach (var item in catalog.Objects)
        {
            foreach (var address in item.DependsOn)
            {
                Connect(item, address);
            }
        }
    }

    /// <summary>What an object itself needs, parts that its container carries not included.</summary>
    public IReadOnlyCollection<SchemaObject> DirectOf(SchemaObject item) =>
        _edges.TryGetValue(item, out var targets) ? targets : [];

    /// <summary>The object whose statements make an object: itself, or the container that still carries it.</summary>
    public static SchemaObject MakerOf(SchemaObject item)
    {
        while (item is { Container: { } container, IsSeparate: false })
        {
            item = container;
        }

        return item;
    }

    /// <summary>Makes one object need another.</summary>
    public void Connect(SchemaObject item, SchemaObject target)
    {
        if (item != target)
        {
            Targets(item).Add(target);
        }
    }

    private void Connect(SchemaObject? item, ObjectAddress reference)
    {
        if (item is not null && Resolve(reference) is { } target && !item.Ignores.Contains(target.Address))
        {
            Connect(item, target);
        }
    }

    private SchemaObject? Resolve(ObjectAddress address)
    {
        address = address.Whole;

        // A chain of makers is short (a column's default of a table); the bound only guards against damaged catalogs.
        for (var step = 0; step < 16; step++)
        {
            if (!_catalog.IsExtensionMember(address) && _catalog.Find(address) is { } item)
            {
                return item;
            }

            if (!_makers.TryGetValue(address, out address))
            {
                return null;
            }
        }

        return null;
    }

    private HashSet<SchemaObject> Targets(SchemaObject item)
    {
        ref var targets = ref CollectionsMarshal.GetValueRefOrAddDefault(_edges, item, out _);
        return targets ??= [];
    }
}
