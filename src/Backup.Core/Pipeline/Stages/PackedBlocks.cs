namespace Backup.Core.Pipeline.Stages;

/// <summary>The packed blocks of one entry, in the order in which they were read. For one caller at a time.</summary>
internal sealed class PackedBlocks
{
    private readonly List<PackedBlock> _blocks = []; // by Sequence
    private int _nextToTake;

    /// <summary>Puts a block into its place.</summary>
    public void Insert(PackedBlock block)
    {
        // Nearly always at the end: packers finish blocks about in the order in which they were read.
        var index = _blocks.Count;
        while (index > 0 && _blocks[index - 1].Sequence > block.Sequence)
        {
            index--;
        }

        _blocks.Insert(index, block);
    }

    /// <summary>Takes the block that follows the one taken last; <see langword="null"/> when it has not come yet.</summary>
    public PackedBlock? TakeNext()
    {
        if (_blocks is not [var block, ..] || block.Sequence != _nextToTake)
        {
            return null;
        }

        _blocks.RemoveAt(0);
        _nextToTake++;
        return block;
    }

    /// <summary>The bytes of all blocks that are there, in order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> GetPieces()
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        foreach (var block in _blocks)
        {
            block.AddPiecesTo(pieces);
        }

        return pieces;
    }

    /// <summary>Gives back the memory of all blocks that are there.</summary>
    public void Free()
    {
        foreach (var block in _blocks)
        {
            block.Dispose();
        }

        _blocks.Clear();
    }
}
