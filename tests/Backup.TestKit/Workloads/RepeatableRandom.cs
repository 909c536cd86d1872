namespace Backup.TestKit.Workloads;

/// <summary>Numbers that look random and are the same on every machine and in every version of .NET (SplitMix64).</summary>
/// <remarks>See <see href="https://prng.di.unimi.it/splitmix64.c"/>. For one thread.</remarks>
public sealed class RepeatableRandom
{
    private ulong _state;

    /// <summary>Starts a sequence; equal seeds give equal sequences.</summary>
    public RepeatableRandom(ulong seed) => _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var bits = _state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>The next number from 0 to <paramref name="limit"/> - 1.</summary>
    public int Next(int limit) => (int)(((NextBits() >> 32) * (ulong)limit) >> 32);

    /// <summary>Fills a span with bytes that no codec can pack.</summary>
    public void Fill(Span<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            BitConverter.TryWriteBytes(bytes, NextBits());
            bytes = bytes[sizeof(ulong)..];
        }

        var rest = NextBits();
        foreach (ref var value in bytes)
        {
            value = (byte)rest;
            rest >>= 8;
        }
    }
}
