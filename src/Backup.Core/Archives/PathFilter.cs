using System.IO.Hashing;
using System.Text;

namespace Backup.Core.Archives;

/// <summary>
/// Remembers paths of files and of folders, whatever their case, in one array of 2 MiB: a Bloom filter. What was added is always
/// found; what was not is sometimes found too, of a million paths one in a thousand.
/// </summary>
/// <remarks>Used by one caller at a time. Paths are ASCII of at most 1,024 characters.</remarks>
internal sealed class PathFilter
{
    private const int BitsLog2 = 24;
    private const int Probes = 6;
    private const int MaxPathLength = 1024;
    private const long FileSeed = 1;
    private const long FolderSeed = 2;

    private readonly ulong[] _bits = new ulong[1 << (BitsLog2 - 6)];

    /// <summary>Remembers a file.</summary>
    /// <param name="path">Its path.</param>
    public void AddFile(string path) => Add(path, FileSeed);

    /// <summary>Remembers a folder.</summary>
    /// <param name="path">Its path, without a slash at its end.</param>
    public void AddFolder(string path) => Add(path, FolderSeed);

    /// <summary>Says whether a path may be a file's.</summary>
    /// <param name="path">The path.</param>
    /// <returns><see langword="false"/> only when no file of that path was added, in whatever case.</returns>
    public bool MayHoldFile(string path) => MayHold(path, FileSeed);

    /// <summary>Says whether a path may be a folder's.</summary>
    /// <param name="path">The path, without a slash at its end.</param>
    /// <returns><see langword="false"/> only when no folder of that path was added, in whatever case.</returns>
    public bool MayHoldFolder(string path) => MayHold(path, FolderSeed);

    private void Add(string path, long seed)
    {
        var (place, step) = Hash(path, seed);
        for (var i = 0; i < Probes; i++, place += step)
        {
            var bit = place >> (64 - BitsLog2);
            _bits[bit >> 6] |= 1UL << (int)(bit & 63);
        }
    }

    private bool MayHold(string path, long seed)
    {
        var (place, step) = Hash(path, seed);
        for (var i = 0; i < Probes; i++, place += step)
        {
            var bit = place >> (64 - BitsLog2);
            if ((_bits[bit >> 6] & (1UL << (int)(bit & 63))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private static (ulong Place, ulong Step) Hash(string path, long seed)
    {
        // All that file systems fold beyond ASCII's case is encoded in paths.
        Span<byte> folded = stackalloc byte[MaxPathLength];
        Ascii.ToLower(path, folded, out var count);
        var hash = XxHash128.HashToUInt128(folded[..count], seed);
        return ((ulong)(hash >> 64), (ulong)hash | 1);
    }
}
