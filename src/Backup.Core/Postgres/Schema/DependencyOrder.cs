using Backup.Core.Errors;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// Puts objects into an order in which each one can be made: dependencies first, then the kinds' priorities, then names,
/// so that the same schema always gives the same order. Cycles are broken by splitting a part off its container.
/// </summary>
/// <remarks>
/// The order moves an object forward only as far as something that needs it demands, as pg_dump's does: it fills the
/// list from the end, each time with the last object that nothing left still needs.
/// </remarks>
internal sealed class DependencyOrder
{
    private readonly DependencyGraph _graph;
    private readonly SchemaObject[] _objects;
    private readonly ILookup<SchemaObject, SchemaObject> _parts;

    private DependencyOrder(SchemaCatalog catalog)
    {
        _objects = [.. catalog.Objects.Order(SchemaObjectComparer.Instance)];
        foreach (var (place, item) in _objects.Index())
        {
            item.Place = place;
        }

        _graph = new DependencyGraph(catalog, _objects);
        _parts = _objects.Where(item => item.Container is not null).ToLookup(item => item.Container!);
    }

    /// <summary>Settles which parts are split off and in which section each object is, and orders what stands alone.</summary>
    /// <exception cref="DatabaseException">Objects need each other in a way that no statement can make.</exception>
    public static OrderedSchema Sort(SchemaCatalog catalog)
    {
        var order = new DependencyOrder(catalog);
        order.BreakCycles();
        order.PostponeWhatNeedsPostData();
        return order.Arrange();
    }

    private void BreakCycles()
    {
        while (true)
        {
            var wasBroken = false;
            foreach (var cycle in StrongComponents.Find(_graph.ToNeeds()))
            {
                var members = cycle.ToHashSet();
                var part = cycle
                    .SelectMany(item => _parts[item])
                    .Where(CanSplit)
                    .Where(part => Reach(part).Any(target => target != part.Container && members.Contains(target)))
                    .OrderBy(part => part.Kind.SplitOrder)
                    .ThenBy(part => part, SchemaObjectComparer.Instance)
                    .FirstOrDefault();
                Split(part ?? throw Unbreakable(cycle));
                wasBroken = true;
            }

            if (!wasBroken)
            {
                return;
            }
        }
    }

    private void PostponeWhatNeedsPostData()
    {
        // A postponed object may be what another one needs, so this runs until nothing moves.
        bool hasMoved;
        do
        {
            hasMoved = false;
            foreach (var item in Makers().Where(item => item.Section == TocSection.PreData))
            {
                hasMoved |= PostponeParts(item);
                if (Needs(item).FirstOrDefault(target => target.Section == TocSection.PostData) is { } blocker)
                {
                    if (!item.Kind.CanBePostponed)
                    {
                        throw Unbreakable([item, blocker]);
                    }

                    item.Postpone();
                    hasMoved = true;
                }
            }
        }
        while (hasMoved);
    }

    private bool PostponeParts(SchemaObject container)
    {
        var hasMoved = false;
        foreach (var part in _parts[container].Where(part => CanSplit(part) && !part.Kind.StaysWithContainer).ToList())
        {
            if (Reach(part).Any(target => target.Section == TocSection.PostData))
            {
                Split(part);
                part.Postpone();
                hasMoved = true;
            }
        }

        return hasMoved;
    }

    private OrderedSchema Arrange()
    {
        var needs = _graph.ToNeeds();

        // Sections are ranges of positions, and nothing needs an object of a later section, so they stay in order.
        var makers = Makers().OrderBy(item => item.Section).ToArray();
        var position = new int[_objects.Length];
        var waiting = new int[_objects.Length];
        foreach (var (index, item) in makers.Index())
        {
            position[item.Place] = index;
            foreach (var target in needs.Of(item.Place))
            {
                waiting[target]++;
            }
        }

        var ready = new PriorityQueue<int, int>(makers.Where(item => waiting[item.Place] == 0).Select(item => (item.Place, -position[item.Place])));
        var ordered = new List<SchemaObject>(makers.Length);
        while (ready.TryDequeue(out var place, out _))
        {
            ordered.Add(_objects[place]);
            foreach (var target in needs.Of(place))
            {
                if (--waiting[target] == 0)
                {
                    ready.Enqueue(target, -position[target]);
                }
            }
        }

        ordered.Reverse();
        return new OrderedSchema([.. ordered.OrderBy(item => item.Section)], needs, _parts);
    }

    private IEnumerable<SchemaObject> Makers() => _objects.Where(item => DependencyGraph.MakerOf(item) == item);

    // What must exist before the item's own statements, with those of the parts that they carry.
    private IEnumerable<SchemaObject> Needs(SchemaObject item) =>
        Reach(item).Concat(_parts[item].Where(part => !part.IsSeparate).SelectMany(Needs)).Where(target => target != item);

    private IEnumerable<SchemaObject> Reach(SchemaObject item) => _graph.DirectOf(item).Select(DependencyGraph.MakerOf);

    private static bool CanSplit(SchemaObject part) => part is { IsSeparate: false, Kind.SplitOrder: > 0 };

    private void Split(SchemaObject part)
    {
        part.Split();
        _graph.Connect(part, part.Container!);
    }

    private static DatabaseException Unbreakable(List<SchemaObject> cycle) =>
        new($"These objects need each other, so none of them can be made first: {string.Join(", ", cycle.Take(8))}.")
        {
            Stage = "Schema",
            Subject = cycle[0].ToString(),
            Hint = "Remove one of the dependencies in the source, or exclude one of the objects.",
        };
}
