using System.Runtime.InteropServices;

namespace Backup.Core.Postgres.Schema;

/// <summary>Edges between places, two of them in one number, so that sorting the numbers groups the edges by where they begin.</summary>
internal static class PackedEdges
{
    /// <summary>The edge from one place to another.</summary>
    public static long Pack(int from, int to) => ((long)from << 32) | (uint)to;

    /// <summary>Where an edge begins.</summary>
    public static int From(long edge) => (int)(edge >> 32);

    /// <summary>Where an edge ends.</summary>
    public static int To(long edge) => (int)edge;

    /// <summary>The edges in order, each once.</summary>
    public static long[] SortDistinct(List<long> edges)
    {
        edges.Sort();
        var all = CollectionsMarshal.AsSpan(edges);
        var count = 0;
        foreach (var edge in all)
        {
            if (count == 0 || all[count - 1] != edge)
            {
                all[count++] = edge;
            }
        }

        return all[..count].ToArray();
    }

    /// <summary>The index of the first edge of a place among edges in order.</summary>
    public static int FirstOf(long[] edges, int from)
    {
        var index = Array.BinarySearch(edges, Pack(from, 0));
        return index < 0 ? ~index : index;
    }
}
