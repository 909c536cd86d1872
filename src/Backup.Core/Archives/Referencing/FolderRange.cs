using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Backup.Core.Archives.Referencing;

/// <summary>The pages of one folder that one part of an index lists.</summary>
/// <param name="Folder">A hash of the folder: two folders that share one only make a part be searched in vain.</param>
/// <param name="FirstPage">The least page; 0 for files that are no pages.</param>
/// <param name="LastPage">The greatest page.</param>
internal readonly record struct FolderRange(ulong Folder, int FirstPage, int LastPage)
{
    /// <summary>The hash of a folder.</summary>
    /// <param name="folder">The folder, with the slash at its end.</param>
    public static ulong HashOf(ReadOnlySpan<char> folder) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(folder));
}
