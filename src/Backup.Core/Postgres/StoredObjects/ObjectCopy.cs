using System.Buffers;
using Backup.Core.ObjectStores;

namespace Backup.Core.Postgres.StoredObjects;

/// <summary>Reads the rows of <see cref="ObjectQueries.CopyObjects"/> from a COPY that is open. Used once.</summary>
/// <param name="copy">The connection.</param>
/// <param name="bucket">The objects' bucket.</param>
/// <param name="maxCharacters">The texts that a page may hold before it is cut.</param>
internal sealed class ObjectCopy(DataConnection copy, string bucket, int maxCharacters)
{
    private const int BufferBytes = 256 * 1024;

    private readonly ObjectTextRow _row = new(bucket);
    private readonly List<StoredObject> _objects = [];
    private long _characters;
    private bool _isCut;

    /// <summary>Reads to the end of the COPY; rows behind a cut are passed over.</summary>
    public async Task<ObjectPage> ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var length = 0;
            int read;
            while ((read = await copy.ReadCopyAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += read;
                var taken = Take(buffer.AsSpan(0, length));
                if (taken == 0 && length == buffer.Length)
                {
                    buffer = Grow(buffer);
                    continue;
                }

                buffer.AsSpan(taken, length - taken).CopyTo(buffer);
                length -= taken;
            }

            return new ObjectPage(_objects, _isCut);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger.AsSpan());
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // How many bytes were whole rows.
    private int Take(ReadOnlySpan<byte> bytes)
    {
        var length = CopyText.WholeRowsLength(bytes);
        for (var at = 0; at < length && !_isCut;)
        {
            if (_characters >= maxCharacters)
            {
                _isCut = true;
                break;
            }

            var end = at + bytes[at..].IndexOf(CopyText.RowEnd);
            var item = _row.Read(bytes[at..end]);
            _objects.Add(item);
            _characters += item.Characters;
            at = end + 1;
        }

        return length;
    }
}
