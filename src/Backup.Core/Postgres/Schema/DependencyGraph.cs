namespace Backup.Core.Postgres.Schema;

/// <summary>
/// What each object needs, from <c>pg_depend</c> and from the readers. Addresses that no reader added stand for the
/// object that made them (a row type for its table, a partition's trigger for the parent's), and members of an extension, known or
/// not, for the extension.
/// </summary>
/// <remarks>
/// An edge is two places (<see cref="SchemaObject.Place"/>) in one number, the needing one above: a schema of ten thousand tables
/// has a quarter of a million of them.
/// </remarks>
internal sealed class DependencyGraph
{
    private readonly SchemaObject[] _objects;
    private readonly long[] _edges;
    private readonly Dictionary<int, List<SchemaObject>> _added = [];

    /// <summary>Collects the edges between the catalog's objects.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="objects">Its objects, each in its place.</param>
    public DependencyGraph(SchemaCatalog catalog, SchemaObject[] objects)
    {
        _objects = objects;
        _edges = PackedEdges.SortDistinct(new EdgeCollector(catalog).Collect());
    }

    /// <summary>What an object itself needs, parts that its container carries not included.</summary>
    public IEnumerable<SchemaObject> DirectOf(SchemaObject item)
    {
        for (var index = PackedEdges.FirstOf(_edges, item.Place); index < _edges.Length && PackedEdges.From(_edges[index]) == item.Place; index++)
        {
            yield return _objects[PackedEdges.To(_edges[index])];
        }

        foreach (var target in _added.GetValueOrDefault(item.Place) ?? [])
        {
            yield return target;
        }
    }

    /// <summary>What must exist before the statements of each object that has some, with what the parts need that they carry.</summary>
    public ObjectNeeds ToNeeds()
    {
        var edges = new List<long>(_edges.Length);
        foreach (var edge in _edges)
        {
            Add(_objects[PackedEdges.From(edge)], _objects[PackedEdges.To(edge)]);
        }

        foreach (var (place, targets) in _added)
        {
            targets.ForEach(target => Add(_objects[place], target));
        }

        return new ObjectNeeds(_objects, PackedEdges.SortDistinct(edges));

        void Add(SchemaObject item, SchemaObject target)
        {
            var (from, to) = (MakerOf(item).Place, MakerOf(target).Place);
            if (from != to)
            {
                edges.Add(PackedEdges.Pack(from, to));
            }
        }
    }

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
        if (!_added.TryGetValue(item.Place, out var targets))
        {
            _added[item.Place] = targets = [];
        }

        targets.Add(target);
    }
}
