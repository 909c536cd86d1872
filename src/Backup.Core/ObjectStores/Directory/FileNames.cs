using System.Buffers;
using System.Text;

namespace Backup.Core.ObjectStores;

/// <summary>Says which names can be those of files here, and keeps those of unfinished files apart.</summary>
internal static class FileNames
{
    private const string PartialPrefix = ".backup-";
    private const string PartialSuffix = ".partial";
    private const int PartialIdLength = 32;

    // The limit of common file systems.
    private const int MaxSegmentBytes = 255;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("\\:*?\"<>|\0");

    /// <summary>A new name for a file that is being written.</summary>
    public static string NewPartial() => $"{PartialPrefix}{Guid.NewGuid():N}{PartialSuffix}";

    /// <summary>Whether a name is one of <see cref="NewPartial"/>: that of an upload that is not finished, or never was.</summary>
    public static bool IsPartial(string name) =>
        name.Length == PartialPrefix.Length + PartialIdLength + PartialSuffix.Length
        && name.StartsWith(PartialPrefix, StringComparison.OrdinalIgnoreCase)
        && name.EndsWith(PartialSuffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a folder holds a file by a name that does not lead to it: its bytes are no valid UTF-8, and come with a mark in
    /// their place.
    /// </summary>
    /// <param name="file">A file that is not found.</param>
    public static bool IsMisread(FileInfo file) =>
        file.Name.Contains('\uFFFD', StringComparison.Ordinal)
        && file.Directory is { Exists: true } folder
        && folder.EnumerateFileSystemInfos().Any(item => item.Name == file.Name);

    /// <summary>Whether a segment of a name can be a file's or a folder's name.</summary>
    public static bool IsSafeSegment(string segment) =>
        segment.Length > 0
        && segment is not ("." or "..")
        && Encoding.UTF8.GetByteCount(segment) <= MaxSegmentBytes
        && !IsPartial(segment)
        && (OperatingSystem.IsWindows()
            ? !segment.AsSpan().ContainsAny(Forbidden) && !segment.Any(char.IsControl) && segment[^1] is not (' ' or '.')
            : !segment.Contains('\0', StringComparison.Ordinal));
}
