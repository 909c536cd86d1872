using System.IO.Hashing;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Xunit;

namespace Backup.TestKit.Archives;

/// <summary>Writes small archives the way the pipeline does.</summary>
internal static class ArchiveBuilder
{
    public static readonly BackupId Id = new("20261122T031500Z-7f3a");

    public static EntryContent ContentOf(ReadOnlySpan<byte> raw) =>
        new(raw.Length, Crc32.HashToUInt32(raw), ContentHash.Compute(raw));

    public static byte[] Pack(ICompressor compressor, ReadOnlySpan<byte> raw, bool isLast = true)
    {
        var packed = new byte[compressor.GetMaxCompressedBytes(raw.Length)];
        return packed.AsSpan(0, compressor.Compress(raw, packed, isLast)).ToArray();
    }

    public static async Task AppendAsync(this ArchiveWriter writer, string path, byte[] raw, ICompressor compressor, string? name = null) =>
        await writer.AppendAsync(
            new EntryHeader(path, name, compressor.Method), ContentOf(raw), [Pack(compressor, raw)], CancellationToken.None);

    /// <summary>Streams an entry in three blocks.</summary>
    public static async Task StreamAsync(this ArchiveWriter writer, string path, byte[] raw, ICompressor compressor)
    {
        await writer.BeginAsync(new EntryHeader(path, null, compressor.Method), CancellationToken.None);
        var third = raw.Length / 3;
        await writer.WriteAsync(Pack(compressor, raw.AsSpan(0, third), isLast: false), CancellationToken.None);
        await writer.WriteAsync(Pack(compressor, raw.AsSpan(third, third), isLast: false), CancellationToken.None);
        await writer.WriteAsync(Pack(compressor, raw.AsSpan(third * 2)), CancellationToken.None);
        await writer.EndAsync(ContentOf(raw), CancellationToken.None);
    }

    public static async Task<BackupManifest> CommitAsync(this ArchiveWriter writer)
    {
        var manifest = ManifestOf(await writer.CompleteAsync(CancellationToken.None));
        await writer.CommitAsync(manifest, CancellationToken.None);
        return manifest;
    }

    public static BackupManifest ManifestOf(ArchiveContents contents) => new()
    {
        FormatVersion = "1.0",
        Id = Id,
        WrittenBy = "Backup.Core tests",
        StartedAt = new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero),
        FinishedAt = new DateTimeOffset(2026, 11, 22, 3, 16, 0, TimeSpan.Zero),
        Volumes = contents.Volumes,
        IndexParts = contents.IndexParts,
        ReferenceParts = contents.ReferenceParts,
        References = contents.References,
        Totals = contents.ToTotals(rows: 0, objects: 0),
    };

    public static async Task<byte[]> ReadAllAsync(this ArchiveReader reader, string path)
    {
        var entry = await reader.FindAsync(path, CancellationToken.None);
        Assert.NotNull(entry);
        await using var stream = await reader.OpenEntryAsync(entry, CancellationToken.None);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public static async Task<byte[]> ReadObjectAsync(this IBackupSink sink, string name)
    {
        await using var stream = await sink.OpenReadAsync(name);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public static async Task WriteObjectAsync(this IBackupSink sink, string name, byte[] bytes)
    {
        await sink.DeleteAsync(name);
        await using var writer = await sink.CreateAsync(name);
        await writer.WriteAsync(bytes);
        await writer.CommitAsync();
    }
}
