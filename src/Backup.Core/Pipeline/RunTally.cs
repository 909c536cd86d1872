using Backup.Core.Pipeline.Distribution;

namespace Backup.Core.Pipeline;

/// <summary>What a run has read and stored by now, its workers' share included. Guarded by its owner's lock.</summary>
internal sealed class RunTally
{
    private double _readWeight;
    private long _keptBytes;
    private long _elsewhereBytes;

    /// <summary>What there is to read, in heap and TOAST blocks.</summary>
    public long TotalWeight { get; set; }

    /// <summary>The rows read.</summary>
    public long Rows { get; private set; }

    /// <summary>Their size, in bytes.</summary>
    public long RawBytes { get; private set; }

    /// <summary>The size of the volumes, those of earlier parts of the run included, in bytes.</summary>
    public long StoredBytes { get; private set; }

    /// <summary>Counts rows, less than nothing where they are read again, and the blocks that they stand for.</summary>
    public void AddRead(long rows, long bytes, double weight)
    {
        Rows += rows;
        RawBytes += bytes;
        _readWeight += weight;
    }

    /// <summary>Says how large the volumes are that earlier parts of the run have left.</summary>
    public void SetKept(long bytes) => _keptBytes = StoredBytes = bytes;

    /// <summary>Says how large this process's volumes are by now.</summary>
    /// <returns>By how much all volumes have grown.</returns>
    public long SetStored(long bytes)
    {
        var growth = bytes + _elsewhereBytes - StoredBytes;
        StoredBytes += growth;
        return growth;
    }

    /// <summary>Counts what a worker has copied since it told of it before.</summary>
    public void AddElsewhere(in WorkerCounts counts)
    {
        AddRead(counts.Rows, counts.RawBytes, counts.Blocks);
        _elsewhereBytes += counts.StoredBytes;
        StoredBytes += counts.StoredBytes;
    }

    /// <summary>Says that the volumes of workers count among this process's own from now on.</summary>
    public void AdoptElsewhere() => _elsewhereBytes = 0;

    /// <summary>What this part of the run has done, with its objects.</summary>
    public RunCounts ToCounts(ObjectState objects, long receivedBytes) =>
        new(RawBytes + receivedBytes, Rows, objects.Done, StoredBytes - _keptBytes);

    /// <summary>What a worker tells of itself.</summary>
    public WorkerCounts ToWorkerCounts(ObjectState objects) => new(_readWeight, Rows, RawBytes, objects.Done, objects.Bytes, StoredBytes);

    /// <summary>The part of all rows and objects that has been read, from 0 to 1, as far as blocks and listings tell.</summary>
    public double Fraction(ObjectState objects)
    {
        var total = ((double)TotalWeight * TableRun.BlockSize) + (objects.TotalBytes ?? objects.ListedBytes);
        var read = (_readWeight * TableRun.BlockSize) + objects.Bytes;
        return total == 0 ? 1 : Math.Min(read / total, 1);
    }
}
