namespace Backup.Core.Postgres.Schema;

/// <summary>Finds the edges between a catalog's objects.</summary>
internal sealed class EdgeCollector(SchemaCatalog catalog)
{
    private readonly Dictionary<ObjectAddress, ObjectAddress> _makers = [];
    private readonly List<long> _edges = [];
    private readonly Dictionary<SchemaObject, SchemaObject> _expressions = catalog.Objects
        .Where(item => item.Kind == ObjectKinds.FunctionBody || item.Kind == ObjectKinds.DomainDefault)
        .ToDictionary(item => item.Container!);

    /// <summary>The edges, some of them more than once.</summary>
    public List<long> Collect()
    {
        FindMakers();
        ConnectDependencies();
        foreach (var item in catalog.Objects)
        {
            foreach (var address in item.DependsOn)
            {
                Connect(item, address);
            }
        }

        return _edges;
    }

    private void FindMakers()
    {
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
    }

    // What an extension's members need is the extension's business; each of them only needs the extension.
    private void ConnectDependencies()
    {
        foreach (var dependency in catalog.Shared.Dependencies)
        {
            if (dependency.Type == 'e' || !catalog.IsExtensionMember(dependency.Dependent))
            {
                var item = catalog.Find(dependency.Dependent) ?? Resolve(dependency.Dependent);
                var isOfExpression = item is not null && !IsOfSignature(dependency.Reference) && _expressions.ContainsKey(item);
                Connect(isOfExpression ? _expressions[item!] : item, dependency.Reference);
            }
        }
    }

    // The catalogs do not tell what a function's signature needs from what its body does. Where the two may be made apart the
    // signature is all types (see RoutinesReader), and a body that names one has it from a table, a cast or a function as a rule. So it is with a
    // domain, which needs another type and a collation, and its default.
    private static bool IsOfSignature(ObjectAddress reference) => reference.ClassId
        is SystemCatalog.Type or SystemCatalog.Collation or SystemCatalog.Namespace or SystemCatalog.Language or SystemCatalog.Transform
        or SystemCatalog.Extension;

    private void Connect(SchemaObject? item, ObjectAddress reference)
    {
        if (item is not null && Resolve(reference) is { } target && target != item && !item.Ignores.Contains(target.Address))
        {
            _edges.Add(PackedEdges.Pack(item.Place, target.Place));
        }
    }

    private SchemaObject? Resolve(ObjectAddress address)
    {
        address = address.Whole;

        // A chain of makers is short (a column's default of a table); the bound only guards against damaged catalogs.
        for (var step = 0; step < 16; step++)
        {
            if (!catalog.IsExtensionMember(address) && catalog.Find(address) is { } item)
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
}
