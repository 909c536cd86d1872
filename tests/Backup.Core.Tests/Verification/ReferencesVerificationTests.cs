using Backup.Core.Archives;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Verification;

public sealed class ReferencesVerificationTests
{
    private static readonly BackupId Full = new("20261120T010000Z-0001");
    private static readonly BackupId First = new("20261121T010000Z-0002");
    private static readonly BackupId Second = new("20261122T010000Z-0003");

    private static readonly VerificationOptions InFull = new() { Full = true };

    private readonly InMemorySink _sink = new();

    [Fact]
    public async Task VerifyAsync_IntactIncremental_ComparesReferencesAndReadsOnlyItsOwnBytes()
    {
        await CreateChainAsync();

        var report = await VerifyAsync();

        Assert.True(report.IsIntact, string.Join("\n", report.Findings));
        Assert.Equal((6, 3), (report.Entries, report.ReferencedEntries));
    }

    [Fact]
    public async Task VerifyAsync_IntactIncrementalInFull_ReadsWhatOthersHoldToo()
    {
        await CreateChainAsync();
        var progress = new LastProgress();

        var report = await new BackupVerifier(_sink).VerifyAsync(Second, InFull, progress);

        Assert.True(report.IsIntact, string.Join("\n", report.Findings));
        Assert.Equal((9, 3), (report.Entries, report.ReferencedEntries));
        Assert.Equal(progress.Value!.EntriesTotal, progress.Value.Entries);
    }

    [Fact]
    public async Task VerifyAsync_ReferencedBackupIsMissing_NamesIt()
    {
        await CreateChainAsync();
        await DeleteAsync(Full);

        var finding = Assert.Single((await VerifyAsync()).Findings);

        Assert.Equal((VerificationFindingKind.Missing, $"{Full}/manifest.json"), (finding.Kind, finding.Subject));
        Assert.Contains("2 entries", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_ReferencedManifestIsDamaged_NamesIt()
    {
        await CreateChainAsync();
        await _sink.WriteObjectAsync($"{First}/manifest.json", "{}"u8.ToArray());

        var finding = Assert.Single((await VerifyAsync()).Findings);

        Assert.Equal((VerificationFindingKind.Malformed, $"{First}/manifest.json"), (finding.Kind, finding.Subject));
    }

    [Fact]
    public async Task VerifyAsync_OtherBackupInThePlaceOfTheReferencedOne_SaysSo()
    {
        await CreateChainAsync();
        await DeleteAsync(Full);
        await SmallChain.CreateAsync(_sink, Full, change: manifest => manifest with { WrittenBy = "someone else" });

        var finding = Assert.Single((await VerifyAsync()).Findings);

        Assert.Equal((VerificationFindingKind.Inconsistent, $"{Full}/manifest.json"), (finding.Kind, finding.Subject));
        Assert.Contains("another digest", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_ReferencedVolumeIsMissingOrCut_NamesIt()
    {
        await CreateChainAsync();
        var volume = await VolumeOfAsync(EntryPaths.Page("database/data/public.film/", 4));
        var bytes = await _sink.ReadObjectAsync(volume);
        await _sink.WriteObjectAsync(volume, bytes[..^1]);
        var cut = Assert.Single((await VerifyAsync()).Findings);
        await _sink.DeleteAsync(volume);
        var missing = Assert.Single((await VerifyAsync()).Findings);

        Assert.Equal((VerificationFindingKind.WrongSize, volume), (cut.Kind, cut.Subject));
        Assert.Equal((VerificationFindingKind.Missing, volume), (missing.Kind, missing.Subject));
    }

    [Fact]
    public async Task VerifyAsync_ReferencedIndexIsDamaged_NamesTheVolume()
    {
        await CreateChainAsync();
        var index = (await _sink.ListAsync($"{Full}/index-").ToListAsync())[^1].Name;
        var bytes = await _sink.ReadObjectAsync(index);
        bytes[^10] ^= 1;
        await _sink.WriteObjectAsync(index, bytes);

        Assert.Equal(VerificationFindingKind.Malformed, Assert.Single((await VerifyAsync()).Findings).Kind);
    }

    public static TheoryData<string> Lies => ["offset", "stored", "raw", "crc", "digest", "path"];

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task VerifyAsync_ReferenceSaysSomethingElseThanTheIndexThere_NamesTheEntry(string lie)
    {
        await SmallChain.CreateAsync(_sink, Full);
        await SmallChain.CreateAsync(_sink, Second, Full, 1, reference: entry => entry.Path.EndsWith("3.copy", StringComparison.Ordinal) ? Lie(entry, lie) : entry);

        var findings = (await VerifyAsync()).Findings;

        Assert.Contains(findings, finding => finding.Kind == VerificationFindingKind.Inconsistent
            && finding.Subject.StartsWith($"{Full}/volume-", StringComparison.Ordinal)
            && finding.Subject.EndsWith("database/data/public.film/000003.copy", StringComparison.Ordinal));
        Assert.Contains((await VerifyAsync(InFull)).Findings, finding => finding.Kind == VerificationFindingKind.WrongDigest);
    }

    [Fact]
    public async Task VerifyAsync_EntryThatAnotherBackupHoldsIsDamaged_IsFoundInFull()
    {
        await CreateChainAsync();
        await DamageAsync(EntryPaths.Page("database/data/public.film/", 4));

        Assert.True((await VerifyAsync()).IsIntact);
        var finding = Assert.Single((await VerifyAsync(InFull)).Findings, finding => finding.Kind == VerificationFindingKind.WrongDigest);
        Assert.EndsWith("database/data/public.film/000004.copy", finding.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task VerifyAsync_EntryThatNobodyRefersToIsDamaged_IsNoFindingOfThisBackup()
    {
        await CreateChainAsync();
        var full = await ArchiveReader.OpenAsync(_sink, Full, CancellationToken.None);
        await DamageAsync((await full.FindAsync(EntryPaths.Page("database/data/public.film/", 1), CancellationToken.None))! with { Backup = Full });

        Assert.True((await VerifyAsync(InFull)).IsIntact);
        Assert.False((await new BackupVerifier(_sink).VerifyAsync(Full)).IsIntact);
    }

    [Fact]
    public async Task VerifyAsync_RowsOfAPageElsewhereAreNotWhatTheManifestSays_IsFoundInFull()
    {
        await SmallChain.CreateAsync(_sink, Full);
        await SmallChain.CreateAsync(_sink, Second, Full, 1, manifest => manifest with
        {
            Totals = manifest.Totals with { Rows = 41 },
            Database = manifest.Database! with { Tables = [manifest.Database.Tables[0] with { Rows = 41 }] },
        });

        Assert.True((await VerifyAsync()).IsIntact);
        Assert.Equal(VerificationFindingKind.Inconsistent, Assert.Single((await VerifyAsync(InFull)).Findings).Kind);
    }

    [Fact]
    public async Task VerifyAsync_MarkedForRemoval_IsNoFinding()
    {
        await CreateChainAsync();
        await _sink.WriteObjectAsync($"{Second}/prune-mark.json", "{}"u8.ToArray());

        Assert.True((await VerifyAsync()).IsIntact);
    }

    private static IndexEntry Lie(IndexEntry entry, string lie) => lie switch
    {
        "offset" => entry with { Offset = entry.Offset + 1 },
        "stored" => entry with { StoredBytes = entry.StoredBytes - 1 },
        "raw" => entry with { RawBytes = entry.RawBytes - 1 },
        "crc" => entry with { Crc32 = entry.Crc32 ^ 1 },
        "digest" => entry with { Digest = ContentHash.Compute([1]) },
        _ => entry with { EntryPath = entry.Path + "x" },
    };

    private async Task CreateChainAsync()
    {
        await SmallChain.CreateAsync(_sink, Full);
        await SmallChain.CreateAsync(_sink, First, Full, 1);
        await SmallChain.CreateAsync(_sink, Second, First, 2);
    }

    private Task<VerificationReport> VerifyAsync(VerificationOptions? options = null) => new BackupVerifier(_sink).VerifyAsync(Second, options);

    private async Task<string> VolumeOfAsync(string path)
    {
        var entry = await FindAsync(path);
        return ArchiveNames.InSink(entry.Backup!.Value, ArchiveNames.Volume(entry.Volume));
    }

    private async Task<IndexEntry> FindAsync(string path)
    {
        var reader = await ArchiveReader.OpenAsync(_sink, Second, CancellationToken.None);
        return (await reader.FindAsync(path, CancellationToken.None))!;
    }

    private async Task DamageAsync(string path) => await DamageAsync(await FindAsync(path));

    private async Task DamageAsync(IndexEntry entry)
    {
        var volume = ArchiveNames.InSink(entry.Backup!.Value, ArchiveNames.Volume(entry.Volume));
        var bytes = await _sink.ReadObjectAsync(volume);

        // The last packed byte: header, name, a timestamp of 9 bytes, data.
        bytes[entry.Offset + 30 + entry.PathInVolume.Length + 9 + entry.StoredBytes - 1] ^= 0x55;
        await _sink.WriteObjectAsync(volume, bytes);
    }

    private async Task DeleteAsync(BackupId id)
    {
        foreach (var item in await _sink.ListAsync(id.Value).ToListAsync())
        {
            await _sink.DeleteAsync(item.Name);
        }
    }

    private sealed class LastProgress : IProgress<VerificationProgress>
    {
        public VerificationProgress? Value { get; private set; }

        public void Report(VerificationProgress value) => Value = value;
    }
}
