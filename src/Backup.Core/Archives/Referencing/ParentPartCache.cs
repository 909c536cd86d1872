namespace Backup.Core.Archives.Referencing;

/// <summary>The parts that were last of use, as many as their memory allows, and one at the least. For any number of threads.</summary>
internal sealed class ParentPartCache(long memoryBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, LinkedListNode<(int Number, ParentPart Part)>> _nodes = [];

    // The last used first.
    private readonly LinkedList<(int Number, ParentPart Part)> _parts = [];
    private long _bytes;

    /// <summary>The memory that the parts take, in bytes.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>A part, if it is here.</summary>
    public ParentPart? Find(int number)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(number, out var node))
            {
                return null;
            }

            if (node != _parts.First)
            {
                _parts.Remove(node);
                _parts.AddFirst(node);
            }

            return node.Value.Part;
        }
    }

    /// <summary>Keeps a part if there is room for it.</summary>
    public void AddIfRoom(int number, ParentPart part)
    {
        lock (_gate)
        {
            if (_parts.Count == 0 || _bytes + part.Bytes <= memoryBytes)
            {
                // The first part will be wanted first, so those that follow are the first to go.
                _nodes.Add(number, _parts.AddLast((number, part)));
                _bytes += part.Bytes;
            }
        }
    }

    /// <summary>Keeps a part, in the place of those that were not used for longest.</summary>
    public void Add(int number, ParentPart part)
    {
        lock (_gate)
        {
            _nodes.Add(number, _parts.AddFirst((number, part)));
            _bytes += part.Bytes;
            while (_bytes > memoryBytes && _parts.Count > 1)
            {
                var (last, gone) = _parts.Last!.Value;
                _nodes.Remove(last);
                _parts.RemoveLast();
                _bytes -= gone.Bytes;
            }
        }
    }
}
