using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using Backup.Core.Archives;
using Backup.Core.Benchmarks.Setup;
using Backup.Core.Compression;
using Backup.TestKit.Sinks;
using Backup.TestKit.Workloads;
using BenchmarkDotNet.Attributes;

namespace Backup.Core.Benchmarks.Packing;

/// <summary>What does writing a zip cost, against .NET's own <see cref="ZipArchive"/>? One thread each, into nowhere.</summary>
public class ZipWriting : MeasuredBenchmark
{
    private (string Path, byte[] Content)[] _files = [];
    private byte[] _packed = [];

    /// <summary>The files that are packed.</summary>
    [Params("1000 of 4 KiB", "4 of 1 MiB")]
    public string Files { get; set; } = "";

    /// <inheritdoc/>
    public override Task SetUpAsync()
    {
        var words = Files.Split(' ');
        var bytes = int.Parse(words[2], CultureInfo.InvariantCulture) * (words[3] == "MiB" ? 1024 * 1024 : 1024);
        _files =
        [
            .. Enumerable.Range(0, int.Parse(words[0], CultureInfo.InvariantCulture))
                .Select(number => (FileSet.NameOf(number), FileSet.Make(number, bytes))),
        ];
        ICompressor[] compressors = [new NoCompressor(), new ZstandardCompressor(), new DeflateCompressor()];
        _packed = new byte[compressors.Max(compressor => compressor.GetMaxCompressedBytes(bytes))];
        return Task.CompletedTask;
    }

    /// <summary>.NET's writer without packing.</summary>
    [Benchmark(Baseline = true)]
    public Task ZipArchive_Stored() => WriteByZipArchiveAsync(CompressionLevel.NoCompression, nameof(ZipArchive_Stored));

    /// <summary>Ours without packing, digest and index included.</summary>
    [Benchmark]
    public Task ArchiveWriter_Stored() => WriteByArchiveWriterAsync(new NoCompressor(), nameof(ArchiveWriter_Stored));

    /// <summary>.NET's writer at its fastest level.</summary>
    [Benchmark]
    public Task ZipArchive_Fastest() => WriteByZipArchiveAsync(CompressionLevel.Fastest, nameof(ZipArchive_Fastest));

    /// <summary>.NET's writer at its default level.</summary>
    [Benchmark]
    public Task ZipArchive_Optimal() => WriteByZipArchiveAsync(CompressionLevel.Optimal, nameof(ZipArchive_Optimal));

    /// <summary>Ours with deflate at its default level.</summary>
    [Benchmark]
    public Task ArchiveWriter_Deflate() => WriteByArchiveWriterAsync(new DeflateCompressor(), nameof(ArchiveWriter_Deflate));

    /// <summary>Ours with zstd at its default level.</summary>
    [Benchmark]
    public Task ArchiveWriter_Zstd() => WriteByArchiveWriterAsync(new ZstandardCompressor(), nameof(ArchiveWriter_Zstd));

    private async Task WriteByZipArchiveAsync(CompressionLevel level, string method)
    {
        var sink = new DiscardingSink();
        await using var output = new SinkStream(await sink.CreateAsync("zip"));
        await using (var zip = await ZipArchive.CreateAsync(output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null))
        {
            foreach (var (path, content) in _files)
            {
                await using var entry = await zip.CreateEntry(path, level).OpenAsync();
                await entry.WriteAsync(content);
            }
        }

        Processed(_files.Sum(file => (long)file.Content.Length), sink.Bytes, method);
    }

    private async Task WriteByArchiveWriterAsync(ICompressor compressor, string method)
    {
        var sink = new DiscardingSink();
        await using var writer = new ArchiveWriter(sink, BackupId.Create(DateTimeOffset.UnixEpoch), new ArchiveWriterOptions());
        foreach (var (path, content) in _files)
        {
            var length = compressor.Compress(content, _packed, isLast: true);
            await writer.AppendAsync(
                new EntryHeader(path, null, compressor.Method),
                new EntryContent(content.Length, Crc32.HashToUInt32(content), ContentHash.Compute(content)),
                [_packed.AsMemory(0, length)],
                CancellationToken.None);
        }

        await writer.CompleteAsync(CancellationToken.None);
        Processed(_files.Sum(file => (long)file.Content.Length), sink.Bytes, method);
    }
}
