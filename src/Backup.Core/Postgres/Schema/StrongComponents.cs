namespace Backup.Core.Postgres.Schema;

/// <summary>Finds the sets of objects that need each other (Tarjan's algorithm, without recursion: chains can be long).</summary>
internal sealed class StrongComponents
{
    private readonly ObjectNeeds _needs;
    private readonly Stack<int> _open = new();
    private readonly Stack<(int Place, int Next)> _path = new();

    // By place: when it was entered, from 1, and the earliest open one that it leads to.
    private readonly int[] _entered;
    private readonly int[] _low;
    private readonly bool[] _isOpen;
    private readonly List<List<SchemaObject>> _components = [];
    private int _count;

    private StrongComponents(ObjectNeeds needs)
    {
        _needs = needs;
        _entered = new int[needs.Count];
        _low = new int[needs.Count];
        _isOpen = new bool[needs.Count];
    }

    /// <summary>The components of more than one object, in a deterministic order, each in the order of its places.</summary>
    public static List<List<SchemaObject>> Find(ObjectNeeds needs)
    {
        var search = new StrongComponents(needs);
        for (var place = 0; place < needs.Count; place++)
        {
            search.Visit(place);
        }

        return search._components;
    }

    private void Visit(int root)
    {
        if (_entered[root] != 0)
        {
            return;
        }

        Enter(root);
        while (_path.TryPop(out var frame))
        {
            var targets = _needs.Of(frame.Place);
            if (frame.Next < targets.Length)
            {
                _path.Push((frame.Place, frame.Next + 1));
                Follow(frame.Place, targets[frame.Next]);
            }
            else
            {
                Leave(frame.Place);
            }
        }
    }

    private void Enter(int place)
    {
        _entered[place] = _low[place] = ++_count;
        _isOpen[place] = true;
        _open.Push(place);
        _path.Push((place, 0));
    }

    private void Follow(int place, int target)
    {
        if (_entered[target] == 0)
        {
            Enter(target);
        }
        else if (_isOpen[target])
        {
            _low[place] = Math.Min(_low[place], _entered[target]);
        }
    }

    private void Leave(int place)
    {
        if (_path.TryPeek(out var parent))
        {
            _low[parent.Place] = Math.Min(_low[parent.Place], _low[place]);
        }

        if (_low[place] != _entered[place])
        {
            return;
        }

        var component = new List<int>();
        int member;
        do
        {
            member = _open.Pop();
            _isOpen[member] = false;
            component.Add(member);
        }
        while (member != place);

        if (component.Count > 1)
        {
            component.Sort();
            _components.Add(component.ConvertAll(item => _needs[item]));
        }
    }
}
