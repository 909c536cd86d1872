namespace Backup.Core.Postgres.Schema;

/// <summary>Finds the sets of objects that need each other (Tarjan's algorithm, without recursion: chains can be long).</summary>
internal static class StrongComponents
{
    /// <summary>The components of more than one object, in a deterministic order.</summary>
    /// <param name="nodes">Every object.</param>
    /// <param name="needs">What an object needs; only objects of <paramref name="nodes"/>, never itself.</param>
    public static List<List<SchemaObject>> Find(IReadOnlyList<SchemaObject> nodes, Func<SchemaObject, IEnumerable<SchemaObject>> needs)
    {
        var search = new Search(needs);
        foreach (var node in nodes)
        {
            search.Visit(node);
        }

        return search.Components;
    }

    private sealed class Search(Func<SchemaObject, IEnumerable<SchemaObject>> needs)
    {
        private readonly Dictionary<SchemaObject, (int Index, int Low, bool IsOpen)> _state = [];
        private readonly Stack<SchemaObject> _open = new();
        private readonly Stack<(SchemaObject Node, IEnumerator<SchemaObject> Targets)> _path = new();

        public List<List<SchemaObject>> Components { get; } = [];

        public void Visit(SchemaObject root)
        {
            if (_state.ContainsKey(root))
            {
                return;
            }

            Enter(root);
            while (_path.TryPeek(out var frame))
            {
                if (frame.Targets.MoveNext())
                {
                    Follow(frame.Node, frame.Targets.Current);
                }
                else
                {
                    _path.Pop();
                    Leave(frame.Node);
                }
            }
        }

        private void Enter(SchemaObject node)
        {
            _state[node] = (_state.Count, _state.Count, true);
            _open.Push(node);
            _path.Push((node, needs(node).Order(SchemaObjectComparer.Instance).GetEnumerator()));
        }

        private void Follow(SchemaObject node, SchemaObject target)
        {
            if (!_state.TryGetValue(target, out var found))
            {
                Enter(target);
            }
            else if (found.IsOpen)
            {
                Lower(node, found.Index);
            }
        }

        private void Leave(SchemaObject node)
        {
            var (index, low, _) = _state[node];
            if (_path.TryPeek(out var parent))
            {
                Lower(parent.Node, low);
            }

            if (low != index)
            {
                return;
            }

            var component = new List<SchemaObject>();
            SchemaObject member;
            do
            {
                member = _open.Pop();
                _state[member] = _state[member] with { IsOpen = false };
                component.Add(member);
            }
            while (member != node);

            if (component.Count > 1)
            {
                component.Sort(SchemaObjectComparer.Instance);
                Components.Add(component);
            }
        }

        private void Lower(SchemaObject node, int low)
        {
            var state = _state[node];
            _state[node] = state with { Low = Math.Min(state.Low, low) };
        }
    }
}
