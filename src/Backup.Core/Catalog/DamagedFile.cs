using System.Globalization;

namespace Backup.Core.Catalog;

/// <summary>A file of a backup that is not there, or not of the size that the manifest says.</summary>
/// <param name="Name">The file's name inside the backup's folder: <c>volume-0001.zip</c>.</param>
/// <param name="ExpectedBytes">The size that the manifest says, in bytes.</param>
/// <param name="Bytes">The size that the sink lists, in bytes; <see langword="null"/> where it lists no such file.</param>
public sealed record DamagedFile(string Name, long ExpectedBytes, long? Bytes)
{
    /// <summary>One sentence for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name} {(Bytes is { } bytes ? $"has {bytes} bytes" : "is missing")} where the manifest says {ExpectedBytes} bytes.");
}
