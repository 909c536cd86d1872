using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Referencing;
using Backup.Core.Compression;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Referencing;

/// <summary>A full backup of four entries, and incremental ones that hold one entry themselves and reference the rest.</summary>
internal sealed class IncrementalScene(IBackupSink sink)
{
    public static readonly BackupId Full = new("20261121T031500Z-0001");
    public static readonly BackupId Second = new("20261122T031500Z-0002");
    public static readonly BackupId Third = new("20261123T031500Z-0003");

    private static readonly DeflateCompressor Deflate = new();

    public static readonly string[] Paths = ["a/1", "a/2", "b/1", "b/2"];

    /// <summary>What the entry of a path holds in a backup that stored it.</summary>
    public static string TextOf(BackupId writtenBy, string path) => $"{path} as {writtenBy} stored it";

    /// <summary>Writes the full backup, in volumes of three entries.</summary>
    public async Task<BackupManifest> WriteFullAsync()
    {
        await using var writer = new ArchiveWriter(sink, Full, new ArchiveWriterOptions { MaxEntriesPerVolume = 3 });
        foreach (var path in Paths)
        {
            await writer.AppendAsync(path, BytesOf(Full, path), Deflate);
        }

        return await CommitAsync(writer, Full, null);
    }

    /// <summary>Writes an incremental backup upon another.</summary>
    /// <param name="id">The new backup.</param>
    /// <param name="upon">Its parent.</param>
    /// <param name="changed">The entry that it stores itself; of all others it references those of the parent.</param>
    /// <param name="renamed">An entry that has another path here, <c>renamed/</c> and the former one.</param>
    public async Task<BackupManifest> WriteIncrementalAsync(BackupId id, BackupId upon, string changed, string? renamed = null)
    {
        var parent = await ArchiveReader.OpenAsync(sink, upon, CancellationToken.None);
        await using var writer = new ArchiveWriter(
            sink, id, new ArchiveWriterOptions { Referable = ReferableBackups.Of(parent.Manifest) });
        await foreach (var entry in parent.ReadIndexAsync(string.Empty, CancellationToken.None))
        {
            if (entry.Path == changed)
            {
                await writer.AppendAsync(entry.Path, BytesOf(id, entry.Path), Deflate);
            }
            else
            {
                await writer.AddReferenceAsync(ReferenceTo(entry, upon, entry.Path == renamed ? $"renamed/{entry.Path}" : entry.Path), CancellationToken.None);
            }
        }

        return await CommitAsync(writer, id, parent.Manifest);
    }

    /// <summary>The line by which a backup references an entry of another.</summary>
    public static IndexEntry ReferenceTo(IndexEntry entry, BackupId holder, string path) => entry with
    {
        Path = path,
        Backup = entry.Backup ?? holder,
        EntryPath = entry.PathInVolume == path ? null : entry.PathInVolume,
    };

    /// <summary>Reads every entry of a backup as text.</summary>
    public async Task<IReadOnlyList<(string Path, string Text)>> ReadAsync(BackupId id)
    {
        var reader = await ArchiveReader.OpenAsync(sink, id, CancellationToken.None);
        var read = new List<(string, string)>();
        await foreach (var entry in reader.ReadIndexAsync(string.Empty, CancellationToken.None))
        {
            using var text = new StreamReader(await reader.OpenEntryAsync(entry, CancellationToken.None), Encoding.UTF8);
            read.Add((entry.Path, await text.ReadToEndAsync()));
        }

        return read;
    }

    /// <summary>Makes the manifest of a backup upon a parent.</summary>
    public static BackupManifest ManifestOf(ArchiveContents contents, BackupId id, BackupManifest? parent) =>
        ArchiveBuilder.ManifestOf(contents) with
        {
            FormatVersion = contents.FormatVersion,
            Id = id,
            Kind = parent is null ? BackupKind.Full : BackupKind.Incremental,
            Parent = parent?.Id,
            Chain = parent is null ? 0 : parent.Chain + 1,
        };

    private static byte[] BytesOf(BackupId id, string path) => Encoding.UTF8.GetBytes(TextOf(id, path));

    private static async Task<BackupManifest> CommitAsync(ArchiveWriter writer, BackupId id, BackupManifest? parent)
    {
        var manifest = ManifestOf(await writer.CompleteAsync(CancellationToken.None), id, parent);
        await writer.CommitAsync(manifest, CancellationToken.None);
        return manifest;
    }
}
