namespace Backup.Core.Postgres.Schema;

/// <summary>What each object needs before its own statements, by places.</summary>
internal sealed class ObjectNeeds
{
    private readonly SchemaObject[] _objects;
    private readonly int[] _starts;
    private readonly int[] _targets;

    /// <summary>Takes over edges that are in order.</summary>
    /// <param name="objects">The objects, each in its place.</param>
    /// <param name="edges">The edges between them, as <see cref="PackedEdges"/> has them.</param>
    public ObjectNeeds(SchemaObject[] objects, long[] edges)
    {
        _objects = objects;
        _targets = Array.ConvertAll(edges, PackedEdges.To);
        _starts = new int[objects.Length + 1];
        foreach (var edge in edges)
        {
            _starts[PackedEdges.From(edge) + 1]++;
        }

        for (var place = 0; place < objects.Length; place++)
        {
            _starts[place + 1] += _starts[place];
        }
    }

    /// <summary>The number of places.</summary>
    public int Count => _objects.Length;

    /// <summary>The object of a place.</summary>
    public SchemaObject this[int place] => _objects[place];

    /// <summary>The places of what an object needs, in ascending order, its own never among them.</summary>
    public ReadOnlySpan<int> Of(int place) => _targets.AsSpan(_starts[place].._starts[place + 1]);
}
