using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives.Referencing;

/// <summary>
/// Looks up what a backup holds, for one that builds on it. Its index is read once for a small directory of where what lies; then
/// parts of it are loaded as they are wanted and those last of use are kept, so that memory stays the same for any number of entries.
/// </summary>
/// <remarks>
/// For any number of readers at once. Fast where they ask in about the order in which the parent was written, as runs do: then most
/// is found in the parts of before. In another order the answers are the same, and parts are read again and again.
/// </remarks>
internal sealed class ParentIndex : IDisposable
{
    private readonly ArchiveReader _parent;
    private readonly IReadOnlyList<IndexFile> _parts;
    private readonly ParentDirectory _directory = new();
    private readonly ParentPartCache _cache;

    // One at a time: what is being loaded comes on top of what is kept.
    private readonly SemaphoreSlim _loading = new(1);
    private int _lastObjectPart;
    private int _partsLoaded;

    private ParentIndex(ArchiveReader parent, long memoryBytes)
    {
        _parent = parent;
        _parts = [.. IndexFile.AllOf(parent.Manifest)];
        _cache = new ParentPartCache(memoryBytes);
    }

    /// <summary>The parent.</summary>
    public BackupId Id => _parent.Manifest.Id;

    /// <summary>How often a part was loaded for a look-up.</summary>
    public int PartsLoaded => Volatile.Read(ref _partsLoaded);

    /// <summary>The memory that the parts take which are kept, in bytes.</summary>
    public long Bytes => _cache.Bytes;

    /// <summary>Reads the index of a backup once.</summary>
    /// <param name="parent">The backup.</param>
    /// <param name="memoryBytes">
    /// How much memory loaded parts may take. One of 16,384 entries takes about 2.5 MiB, and one is always kept; one more comes on top
    /// while it is being loaded.
    /// </param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="Errors.ArchiveFormatException">The index is damaged.</exception>
    /// <exception cref="Errors.SinkException">The sink cannot be read.</exception>
    public static async Task<ParentIndex> OpenAsync(ArchiveReader parent, long memoryBytes, CancellationToken cancellationToken)
    {
        var index = new ParentIndex(parent, memoryBytes);
        for (var number = 0; number < index._parts.Count; number++)
        {
            var content = await index.ReadAsync(number, cancellationToken).ConfigureAwait(false);
            index._directory.Add(number, content);
            index._cache.AddIfRoom(number, content.ToPart());
        }

        return index;
    }

    /// <summary>Looks a page of a table up.</summary>
    /// <param name="parentTable">The table, as the parent's manifest names it.</param>
    /// <param name="number">The page's number, from 1.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The page; <see langword="null"/> when the parent does not hold it.</returns>
    /// <exception cref="Errors.ArchiveFormatException">The index has been damaged since.</exception>
    /// <exception cref="Errors.SinkException">The sink cannot be read.</exception>
    public ValueTask<ParentEntry?> FindPageAsync(TableRecord parentTable, int number, CancellationToken cancellationToken) =>
        FindEntryAsync(EntryPaths.Page(parentTable.Path, number), cancellationToken);

    /// <summary>Looks an entry up that is no object.</summary>
    /// <param name="path">Its path in the parent.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The entry; <see langword="null"/> when the parent does not hold it.</returns>
    /// <exception cref="Errors.ArchiveFormatException">The index has been damaged since.</exception>
    /// <exception cref="Errors.SinkException">The sink cannot be read.</exception>
    public async ValueTask<ParentEntry?> FindEntryAsync(string path, CancellationToken cancellationToken)
    {
        var key = ParentPartBuilder.KeyOf(path);
        var found = await FindAsync(key, _directory.PartsOf(path), cancellationToken).ConfigureAwait(false);
        return found?.Part.ToEntry(found.Value.Slot, path);
    }

    /// <summary>Looks up an object that is still the same.</summary>
    /// <param name="listed">The object as it is listed now.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>
    /// What the parent holds of the same bucket and name; <see langword="null"/> for nothing, and where <see cref="ObjectMark"/> does not
    /// prove it to be the same content.
    /// </returns>
    /// <exception cref="Errors.ArchiveFormatException">The index has been damaged since.</exception>
    /// <exception cref="Errors.SinkException">The sink cannot be read.</exception>
    public async ValueTask<ParentEntry?> FindObjectAsync(StoredObject listed, CancellationToken cancellationToken)
    {
        var key = ObjectKeys.Of(listed.Bucket, listed.Name);

        // Mostly the next object lies beside the one before; no key lies in two parts.
        var last = Volatile.Read(ref _lastObjectPart);
        Hit? found = _cache.Find(last) is { } part && part.TryFind(key, out var slot)
            ? new Hit(last, part, slot)
            : await FindAsync(key, _directory.PartsOf(listed.Bucket, listed.Name), cancellationToken).ConfigureAwait(false);
        if (found is not { } hit)
        {
            return null;
        }

        Volatile.Write(ref _lastObjectPart, hit.Number);
        return ObjectMark.Of(listed).IsSameAs(hit.Slot.Mark)
            ? hit.Part.ToEntry(hit.Slot, ObjectPaths.Plain(listed.Bucket, listed.Name))
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _loading.Dispose();

    private async ValueTask<Hit?> FindAsync(UInt128 key, IEnumerable<int> candidates, CancellationToken cancellationToken)
    {
        List<int>? missing = null;
        foreach (var number in candidates)
        {
            if (_cache.Find(number) is not { } part)
            {
                (missing ??= []).Add(number);
            }
            else if (part.TryFind(key, out var slot))
            {
                return new Hit(number, part, slot);
            }
        }

        foreach (var number in missing ?? [])
        {
            var part = await LoadAsync(number, cancellationToken).ConfigureAwait(false);
            if (part.TryFind(key, out var slot))
            {
                return new Hit(number, part, slot);
            }
        }

        return null;
    }

    private async ValueTask<ParentPart> LoadAsync(int number, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Another reader may have loaded it meanwhile.
            if (_cache.Find(number) is { } loaded)
            {
                return loaded;
            }

            var part = (await ReadAsync(number, cancellationToken).ConfigureAwait(false)).ToPart();
            Interlocked.Increment(ref _partsLoaded);
            _cache.Add(number, part);
            return part;
        }
        finally
        {
            _loading.Release();
        }
    }

    private async ValueTask<ParentPartBuilder> ReadAsync(int number, CancellationToken cancellationToken)
    {
        var content = new ParentPartBuilder(Id, _parts[number].Entries);
        await foreach (var entry in _parent.ReadPartAsync(_parts[number], cancellationToken).ConfigureAwait(false))
        {
            content.Add(entry);
        }

        return content;
    }

    /// <summary>An entry that was found.</summary>
    /// <param name="Number">The number of its part.</param>
    /// <param name="Part">Its part.</param>
    /// <param name="Slot">The entry.</param>
    private readonly record struct Hit(int Number, ParentPart Part, ParentSlot Slot);
}
