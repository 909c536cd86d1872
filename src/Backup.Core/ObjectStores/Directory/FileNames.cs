using System.Buffers;
using System.Text;

namespace Backup.Core.ObjectStores;

/// <summary>Says which names can be those of files everywhere.</summary>
internal static class FileNames
{
    // The limit of common file systems.
    private const int MaxSegmentBytes = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\:*?\"<>|\0");

    /// <summary>Whether a segment of a name can be a file's or a folder's name.</summary>
    public static bool IsSafeSegment(string segment) =>
        segment.Length > 0
        && segment is not ("." or "..")
        && Encoding.UTF8.GetByteCount(segment) <= MaxSegmentBytes
        && !segment.EndsWith(".partial", StringComparison.Ordinal)
        && (OperatingSystem.IsWindows()
            ? !segment.AsSpan().ContainsAny(Forbidden) && !segment.Any(char.IsControl) && segment[^1] is not (' ' or '.')
            : !segment.Contains('\0', StringComparison.Ordinal));
}
