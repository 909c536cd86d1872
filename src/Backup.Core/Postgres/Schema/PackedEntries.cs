using System.Buffers;
using System.Collections;
using System.IO.Compression;
using System.Text;

namespace Backup.Core.Postgres.Schema;

/// <summary>
/// Entries of a table of contents, packed: those of ten thousand tables take one or two megabytes instead of fifty. Reading them in order
/// unpacks some at a time; an index unpacks as many to give one. Never changes, and may be read by several at once.
/// </summary>
internal sealed class PackedEntries : IReadOnlyList<TocEntry>
{
    private const int EntriesPerBlock = 256;

    private readonly IReadOnlyList<byte[]> _blocks;

    private PackedEntries(IReadOnlyList<byte[]> blocks, int count)
    {
        _blocks = blocks;
        Count = count;
        PackedBytes = blocks.Sum(block => (long)block.Length);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>What they take.</summary>
    public long PackedBytes { get; }

    /// <inheritdoc/>
    public TocEntry this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return Unpack(_blocks[index / EntriesPerBlock]).ElementAt(index % EntriesPerBlock);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<TocEntry> GetEnumerator() => _blocks.SelectMany(Unpack).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Packs entries that are made one after another.</summary>
    public static PackedEntries Of(IEnumerable<TocEntry> entries)
    {
        var packer = new Packer();
        foreach (var entry in entries)
        {
            packer.Add(entry);
        }

        return packer.ToEntries();
    }

    private static IEnumerable<TocEntry> Unpack(byte[] block)
    {
        using var unpacking = new DeflateStream(new MemoryStream(block, writable: false), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        unpacking.CopyTo(raw);
        raw.Position = 0;
        using var reader = new BinaryReader(raw, Encoding.UTF8);
        while (raw.Position < raw.Length)
        {
            yield return PackedEntry.Read(reader);
        }
    }

    /// <summary>Packs entries as they come. For one caller at a time.</summary>
    internal sealed class Packer
    {
        private readonly List<byte[]> _blocks = [];
        private readonly ArrayBufferWriter<byte> _raw = new();

        /// <summary>How many were added.</summary>
        public int Count { get; private set; }

        /// <summary>Adds an entry.</summary>
        public void Add(TocEntry entry)
        {
            PackedEntry.Write(_raw, entry);
            if (++Count % EntriesPerBlock == 0)
            {
                CloseBlock();
            }
        }

        /// <summary>Ends the packing.</summary>
        public PackedEntries ToEntries()
        {
            if (Count % EntriesPerBlock != 0)
            {
                CloseBlock();
            }

            return new PackedEntries(_blocks, Count);
        }

        private void CloseBlock()
        {
            using var packed = new MemoryStream();
            using (var packing = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                packing.Write(_raw.WrittenSpan);
            }

            _blocks.Add(packed.ToArray());
            _raw.ResetWrittenCount();
        }
    }
}
