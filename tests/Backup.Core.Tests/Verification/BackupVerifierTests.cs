using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Verification;

public sealed class BackupVerifierTests
{
    [Fact]
    public async Task VerifyAsync_IntactBackup_FindsNothingAndCountsEverything()
    {
        var sink = new InMemorySink();
        var manifest = await SmallBackup.CreateAsync(sink);

        var report = await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id);

        Assert.Empty(report.Findings);
        Assert.True(report.IsIntact);
        Assert.Equal(2, manifest.Volumes.Count);
        Assert.Equal(5, report.Files);
        Assert.Equal(manifest.Totals.Entries, report.Entries);
        Assert.Equal(manifest.Totals.RawBytes, report.RawBytes);
        var files = await sink.ListAsync("").ToListAsync();
        Assert.Equal(files.Sum(file => file.Bytes), report.StoredBytes);
    }

    [Fact]
    public async Task VerifyAsync_AnyByteOfAnyFileChanged_FindsIt()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);
        var missed = new List<string>();
        foreach (var file in await sink.ListAsync("").ToListAsync())
        {
            var bytes = await sink.ReadObjectAsync(file.Name);
            await Parallel.ForAsync(0, bytes.Length, async (position, _) =>
            {
                var changed = (byte[])bytes.Clone();
                changed[position] ^= (byte)(1 << (position % 8));
                if (!await FindsAsync(await CopyAsync(sink, file.Name, changed)))
                {
                    lock (missed)
                    {
                        missed.Add($"{file.Name} at {position}");
                    }
                }
            });
        }

        Assert.Empty(missed);
    }

    [Fact]
    public async Task VerifyAsync_AnyFileCutShortOrLonger_FindsIt()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);
        foreach (var file in await sink.ListAsync("").ToListAsync())
        {
            var bytes = await sink.ReadObjectAsync(file.Name);
            for (var length = 0; length < bytes.Length; length += 37)
            {
                Assert.True(await FindsAsync(await CopyAsync(sink, file.Name, bytes[..length])), $"{file.Name} cut to {length}");
            }

            Assert.True(await FindsAsync(await CopyAsync(sink, file.Name, bytes[..^1])), $"{file.Name} without its last byte");
            Assert.True(await FindsAsync(await CopyAsync(sink, file.Name, [.. bytes, 0])), $"{file.Name} with one byte more");
        }
    }

    [Fact]
    public async Task VerifyAsync_AnyFileButTheManifestMissing_NamesIt()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);
        foreach (var file in await sink.ListAsync("").Where(file => !file.Name.EndsWith("manifest.json", StringComparison.Ordinal)).ToListAsync())
        {
            var copy = await CopyAsync(sink, file.Name, null);

            var report = await new BackupVerifier(copy).VerifyAsync(ArchiveBuilder.Id);

            Assert.Contains(report.Findings, finding =>
                finding.Kind == VerificationFindingKind.Missing && file.Name.EndsWith("/" + finding.Subject, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task VerifyAsync_UnknownFileInTheFolder_NamesIt()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);
        await sink.WriteObjectAsync($"{ArchiveBuilder.Id}/volume-0003.zip", [1, 2, 3]);

        var report = await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id);

        var finding = Assert.Single(report.Findings);
        Assert.Equal((VerificationFindingKind.Unexpected, "volume-0003.zip"), (finding.Kind, finding.Subject));
    }

    [Fact]
    public async Task VerifyAsync_WriterLiedAboutContent_FindsEachLie()
    {
        var raw = "some raw bytes"u8.ToArray();
        var truth = ArchiveBuilder.ContentOf(raw);
        EntryContent[] lies = [truth with { Crc32 = 1 }, truth with { Digest = default }, truth with { RawBytes = 13 }, truth with { RawBytes = 15 }];
        foreach (var lie in lies)
        {
            var sink = new InMemorySink();
            await SmallBackup.CreateAsync(sink, append: writer => writer.AppendAsync(
                new EntryHeader("notes/lie", null, CompressionMethod.None), lie, [raw], CancellationToken.None).AsTask());

            var report = await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id);

            Assert.Contains(report.Findings, finding => finding.Subject.EndsWith(": notes/lie", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task VerifyAsync_ManifestCountsTablesWrongly_FindsIt()
    {
        Func<TableRecord, TableRecord>[] lies =
        [
            table => table with { Rows = table.Rows + 1 },
            table => table with { Pages = table.Pages + 1 },
            table => table with { RawBytes = table.RawBytes + 1 },
            table => table with { Path = "database/data/public.other/" },
        ];
        foreach (var lie in lies)
        {
            var sink = new InMemorySink();
            await SmallBackup.CreateAsync(sink, change: manifest => manifest with
            {
                Database = manifest.Database! with { Tables = [lie(manifest.Database.Tables[0]), manifest.Database.Tables[1]] },
            });

            Assert.True(await FindsAsync(sink));
        }
    }

    [Fact]
    public async Task VerifyAsync_PageOfATableThatTheManifestDoesNotName_FindsIt()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(
            sink, append: writer => writer.AppendAsync("database/data/public.secret/000001.copy", "1\n"u8.ToArray(), new NoCompressor()));

        Assert.True(await FindsAsync(sink));
    }

    [Fact]
    public async Task VerifyAsync_VolumesExchanged_FindsIt()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);
        var first = await sink.ReadObjectAsync($"{ArchiveBuilder.Id}/volume-0001.zip");
        await sink.WriteObjectAsync($"{ArchiveBuilder.Id}/volume-0002.zip", first);

        Assert.True(await FindsAsync(sink));
    }

    [Fact]
    public async Task VerifyAsync_ManyFindings_ListsSomeAndCountsAll()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);
        for (var i = 0; i < 9; i++)
        {
            await sink.WriteObjectAsync($"{ArchiveBuilder.Id}/stray-{i}", [0]);
        }

        var report = await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id, new VerificationOptions { MaxFindings = 4 });

        Assert.Equal(4, report.Findings.Count);
        Assert.Equal(9, report.FindingsTotal);
        Assert.False(report.IsIntact);
    }

    [Fact]
    public async Task VerifyAsync_NoSuchBackup_Throws()
    {
        var exception = await Assert.ThrowsAsync<BackupNotFoundException>(
            () => new BackupVerifier(new InMemorySink()).VerifyAsync(ArchiveBuilder.Id));

        Assert.Equal(ArchiveBuilder.Id.Value, exception.Subject);
    }

    [Fact]
    public async Task VerifyAsync_Cancelled_Throws()
    {
        var sink = new InMemorySink();
        await SmallBackup.CreateAsync(sink);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id, cancellationToken: cancelled.Token));
    }

    private static async Task<bool> FindsAsync(InMemorySink sink) =>
        !(await new BackupVerifier(sink).VerifyAsync(ArchiveBuilder.Id)).IsIntact;

    private static async Task<InMemorySink> CopyAsync(InMemorySink source, string name, byte[]? changed)
    {
        var copy = new InMemorySink();
        await foreach (var item in source.ListAsync(""))
        {
            if (item.Name != name)
            {
                await copy.WriteObjectAsync(item.Name, await source.ReadObjectAsync(item.Name));
            }
            else if (changed is not null)
            {
                await copy.WriteObjectAsync(name, changed);
            }
        }

        return copy;
    }
}
