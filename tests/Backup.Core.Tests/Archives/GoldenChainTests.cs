using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Referencing;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Archives;

/// <summary>
/// A full backup and two incremental ones of formats 1.3 and 2.0, as the first release with references wrote them. The files are never
/// written again: every later reader must read them.
/// </summary>
public sealed class GoldenChainTests
{
    private static readonly string Folder = Path.Join(AppContext.BaseDirectory, "Fixtures", "format-2");

    [Fact]
    public async Task OpenAsync_Format2_SaysOfWhatEachBackupConsists()
    {
        var manifests = new List<BackupManifest>();
        foreach (var day in ChainScene.Days)
        {
            manifests.Add((await OpenAsync(new DirectorySink(Folder), day.Id)).Manifest);
        }

        Assert.Equal(["1.3", "2.0", "2.0"], manifests.Select(manifest => manifest.FormatVersion));
        Assert.Equal([BackupKind.Full, BackupKind.Incremental, BackupKind.Incremental], manifests.Select(manifest => manifest.Kind));
        Assert.Equal([null, manifests[0].Id, manifests[1].Id], manifests.Select(manifest => manifest.Parent));
        Assert.Equal([0, 1, 2], manifests.Select(manifest => manifest.Chain));
        Assert.Equal([0L, 7L, 9L], manifests.Select(manifest => manifest.Totals.ReferencedEntries));
        Assert.Equal(
            [(manifests[0].Id, manifests[0].Digest, 6L), (manifests[1].Id, manifests[1].Digest, 3L)],
            manifests[2].References!.Select(reference => (reference.Id, (string?)reference.Digest, reference.Entries)));
        var film = manifests[2].Database!.Tables[1];
        Assert.Equal((128, 16385L, "golden"), (film.PageBlocks, film.Activity!.Oid, film.Activity.Epoch));
        Assert.Equal("golden", manifests[2].Database!.SchemaFingerprint);
    }

    [Fact]
    public async Task OpenEntryAsync_Format2_GivesEveryEntryOfEveryDay() => await AssertWholeAsync(new DirectorySink(Folder));

    [Fact]
    public async Task OpenEntryAsync_ChainWrittenToday_GivesEveryEntryOfEveryDay()
    {
        var sink = new InMemorySink();
        await ChainScene.WriteAsync(sink);

        await AssertWholeAsync(sink);
    }

    [Fact]
    public async Task ReadReferencesAsync_ObjectThatHasAnotherPathThanBefore_KeepsTheFormerOne()
    {
        var reader = await OpenAsync(new DirectorySink(Folder), ChainScene.Days[2].Id);

        var entry = await reader.ReadReferencesAsync(CancellationToken.None).SingleAsync(entry => entry.EntryPath is not null);

        Assert.Equal(("a", "storage/b/a", ChainScene.Days[0].Id), (entry.Object!.Name, entry.EntryPath, entry.Backup));
        Assert.StartsWith("storage/b/a~", entry.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_Format2_IsIntactDownToWhatOthersHold()
    {
        foreach (var day in ChainScene.Days)
        {
            Assert.Empty((await new BackupVerifier(new DirectorySink(Folder)).VerifyAsync(day.Id, new VerificationOptions { Full = true })).Findings);
        }
    }

    private static async Task AssertWholeAsync(IBackupSink sink)
    {
        foreach (var day in ChainScene.Days)
        {
            var reader = await OpenAsync(sink, day.Id);
            var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
            await foreach (var entry in reader.ReadIndexAsync(string.Empty, CancellationToken.None))
            {
                using var text = new StreamReader(await reader.OpenEntryAsync(entry, CancellationToken.None), Encoding.UTF8);
                read.Add(entry.Path, await text.ReadToEndAsync());
            }

            Assert.Equal(new SortedDictionary<string, string>(ChainScene.ContentOf(day).ToDictionary(), StringComparer.Ordinal), read);
        }
    }

    private static async Task<ArchiveReader> OpenAsync(IBackupSink sink, BackupId id) => await ArchiveReader.OpenAsync(sink, id, CancellationToken.None);
}
