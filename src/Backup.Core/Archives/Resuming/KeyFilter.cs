namespace Backup.Core.Archives.Resuming;

/// <summary>
/// Remembers keys in a bit array of at most 2 MiB: a Bloom filter. What was added is always found; what was not is sometimes found
/// too, the more often the more there are: of a million one in a thousand.
/// </summary>
/// <remarks>Keys are the output of a cryptographic hash, so that their bits serve as they are.</remarks>
internal sealed class KeyFilter
{
    private const int Probes = 6;
    private const int MinBitsLog2 = 10;
    private const int MaxBitsLog2 = 24;
    private const int BitsPerKey = 16;

    private readonly ulong[] _bits;
    private readonly ulong _mask;

    /// <summary>Creates an empty filter.</summary>
    /// <param name="expected">About how many keys will be added.</param>
    public KeyFilter(long expected)
    {
        var wanted = (ulong)Math.Min(expected, 1L << MaxBitsLog2) * BitsPerKey;
        var log2 = Math.Clamp(64 - System.Numerics.BitOperations.LeadingZeroCount(wanted), MinBitsLog2, MaxBitsLog2);
        _bits = new ulong[1 << (log2 - 6)];
        _mask = (1UL << log2) - 1;
    }

    /// <summary>Remembers a key.</summary>
    /// <param name="key">The key.</param>
    public void Add(UInt128 key)
    {
        var place = (ulong)key;
        for (var i = 0; i < Probes; i++, place += (ulong)(key >> 64) | 1)
        {
            _bits[(place & _mask) >> 6] |= 1UL << (int)(place & 63);
        }
    }

    /// <summary>Says whether a key may have been added.</summary>
    /// <param name="key">The key.</param>
    /// <returns><see langword="false"/> only when it was not.</returns>
    public bool MayHold(UInt128 key)
    {
        var place = (ulong)key;
        for (var i = 0; i < Probes; i++, place += (ulong)(key >> 64) | 1)
        {
            if ((_bits[(place & _mask) >> 6] & (1UL << (int)(place & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }
}
