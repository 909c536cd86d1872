using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Indexing;

/// <summary>
/// Collects the entries of the volume being written and packs them into parts. A part waits, packed, until
/// <see cref="PublishAsync"/> says that its volume is durable, so that a durable part only names durable volumes.
/// </summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class IndexWriter(
    PublishedFiles published, IReadOnlyList<IndexPartRecord> earlier, ArchiveNumbers numbers, long collectedBytes, long packedBytes)
{
    private readonly IndexPartPacker _packer = new();
    private readonly List<PackedPart> _packed = [];
    private readonly List<IndexPartRecord> _published = [.. earlier];
    private long _packedBytes;

    /// <summary>The parts that are durable, in order.</summary>
    public IReadOnlyList<IndexPartRecord> Published => _published;

    /// <summary>Whether so much waits for the volume to become durable that it should be closed.</summary>
    public bool IsFull => _packedBytes >= packedBytes;

    /// <summary>Adds an entry of the volume being written.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="cancellationToken">Cancels the packing of a full part.</param>
    public async ValueTask AddAsync(IndexEntry entry, CancellationToken cancellationToken)
    {
        _packer.Add(entry);
        if (_packer.HasMostEntries || _packer.CollectedBytes >= collectedBytes)
        {
            await PackAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes the parts of the volume durable; the volume already is.</summary>
    /// <param name="volume">The volume's number.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The parts that became durable.</returns>
    public async ValueTask<IReadOnlyList<IndexPartRecord>> PublishAsync(int volume, CancellationToken cancellationToken)
    {
        var first = _published.Count;
        await PackAsync(cancellationToken).ConfigureAwait(false);
        foreach (var part in _packed)
        {
            var name = ArchiveNames.IndexPart(await numbers.NextIndexPartAsync(cancellationToken).ConfigureAwait(false));
            var sha256 = await published.WriteAsync(name, part.Bytes, cancellationToken).ConfigureAwait(false);
            _published.Add(new IndexPartRecord(name, part.Bytes.Length, sha256, part.Entries, volume, part.FirstPath, part.LastPath));
        }

        _packed.Clear();
        _packedBytes = 0;
        return _published[first..];
    }

    private async ValueTask PackAsync(CancellationToken cancellationToken)
    {
        if (await _packer.PackAsync(cancellationToken).ConfigureAwait(false) is { } part)
        {
            _packed.Add(part);
            _packedBytes += part.Bytes.Length;
        }
    }
}
