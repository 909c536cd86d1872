using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Referencing;

namespace Backup.Core.Tests.Archives.Manifest;

public sealed class ReferenceRulesTests
{
    private static readonly Dictionary<string, Func<BackupManifest, BackupManifest>> Faults = new()
    {
        ["version 1"] = manifest => manifest with { FormatVersion = "1.3" },
        ["kind"] = manifest => manifest with { Kind = (BackupKind)7 },
        ["full"] = manifest => manifest with { Kind = BackupKind.Full, Parent = null, Chain = 0 },
        ["no parent"] = manifest => manifest with { Parent = null },
        ["own parent"] = manifest => manifest with { Parent = manifest.Id },
        ["no chain"] = manifest => manifest with { Chain = 0 },
        ["chain of a full one"] = manifest => manifest with { Kind = BackupKind.Full, Parent = null, ReferenceParts = null, References = null },
        ["merged from nothing"] = manifest => manifest with { Kind = BackupKind.Merged, Parent = null, Chain = 0 },
        ["merged and incremental"] = manifest => manifest with { MergedFrom = [IncrementalScene.Full] },
        ["no references"] = manifest => manifest with { References = null },
        ["no parts"] = manifest => manifest with { ReferenceParts = null },
        ["part's name"] = manifest => manifest with { ReferenceParts = [manifest.ReferenceParts![0] with { Name = "../references-0001.ndjson.gz" }] },
        ["part's number"] = manifest => manifest with { ReferenceParts = [manifest.ReferenceParts![0], manifest.ReferenceParts[0]] },
        ["part's path"] = manifest => manifest with { ReferenceParts = [manifest.ReferenceParts![0] with { FirstPath = "../a" }] },
        ["empty part"] = manifest => manifest with { ReferenceParts = [null!] },
        ["itself"] = manifest => manifest with { References = [manifest.References![0] with { Id = manifest.Id }] },
        ["twice"] = manifest => manifest with { References = [manifest.References![0], manifest.References[0]] },
        ["digest"] = manifest => manifest with { References = [manifest.References![0] with { Digest = "sha256:" }] },
        ["empty reference"] = manifest => manifest with { References = [null!] },
        ["entries of a reference"] = manifest => manifest with { References = [manifest.References![0] with { Entries = 2 }] },
        ["bytes of a reference"] = manifest => manifest with { References = [manifest.References![0] with { StoredBytes = long.MaxValue }] },
        ["referenced entries"] = manifest => manifest with { Totals = manifest.Totals with { ReferencedEntries = 2 } },
        ["all entries"] = manifest => manifest with { Totals = manifest.Totals with { Entries = 1 } },
        ["blocks of a page"] = manifest => manifest with { Database = DatabaseOf(pageBlocks: 0) },
    };

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task Parse_ReferencesThatCannotBe_Throws(string fault)
    {
        var manifest = await CreateAsync();
        Assert.Null(ManifestRules.FindFault(manifest));

        Assert.Throws<ArchiveFormatException>(() => ManifestFile.Parse(ManifestFile.Serialize(Faults[fault](manifest)), "x"));
    }

    [Fact]
    public async Task Parse_ReferencesAsTheyWereWritten_AreTheSame()
    {
        var manifest = await CreateAsync() with { Database = DatabaseOf(pageBlocks: 128) };
        var file = ManifestFile.Serialize(manifest);

        var read = ManifestFile.Parse(file, "x");

        Assert.Equal(manifest.References, read.References);
        Assert.Equal(manifest.ReferenceParts, read.ReferenceParts);
        Assert.Equal((manifest.Kind, manifest.Parent, manifest.Chain, manifest.Totals), (read.Kind, read.Parent, read.Chain, read.Totals));
        Assert.Equal(manifest.Database!.Tables[0].Activity, read.Database!.Tables[0].Activity);
        Assert.Equal((128, "f"), (read.Database.Tables[0].PageBlocks, read.Database.SchemaFingerprint));
        Assert.Equal(file, ManifestFile.Serialize(read));
    }

    [Theory]
    [InlineData("1.3", 1, 2, true)]
    [InlineData("1.3", 1, 3, false)]
    [InlineData("2.0", 1, 3, true)]
    [InlineData("2.0", 2, 3, true)]
    [InlineData("2.0", 2, 2, false)]
    [InlineData("2.0", 3, 2, false)]
    public void FindFault_VolumeNumbers_MayHaveGapsOnlyInVersion2(string version, int first, int second, bool isValid)
    {
        var manifest = TwoVolumes(first, second) with { FormatVersion = version };

        Assert.Equal(isValid, ManifestRules.FindFault(manifest) is null);
    }

    [Fact]
    public void Of_NumbersWithGaps_IsVersion2()
    {
        Assert.Equal(FormatVersions.Plain, VersionOf(TwoVolumes(1, 2)));
        Assert.Equal(FormatVersions.Referencing, VersionOf(TwoVolumes(1, 3)));
    }

    private static string VersionOf(BackupManifest manifest) => FormatVersions.Of(manifest.Volumes, manifest.IndexParts, null);

    private static BackupManifest TwoVolumes(int first, int second)
    {
        var sha256 = new string('a', 64);
        int[] numbers = [first, second];
        return new BackupManifest
        {
            FormatVersion = "2.0",
            Id = IncrementalScene.Full,
            WrittenBy = "Backup.Core tests",
            StartedAt = DateTimeOffset.UnixEpoch,
            FinishedAt = DateTimeOffset.UnixEpoch,
            Volumes = [.. numbers.Select(number => new VolumeRecord(ArchiveNames.Volume(number), 10, sha256, 1))],
            IndexParts = [.. numbers.Select(number => new IndexPartRecord(ArchiveNames.IndexPart(number), 10, sha256, 1, number, "a", "a"))],
            Totals = new BackupTotals(2, 0, 2, 20),
        };
    }

    private static DatabaseSection DatabaseOf(int pageBlocks) => new()
    {
        Name = "shop",
        ServerVersion = "15.18",
        ServerVersionNumber = 150018,
        Encoding = "UTF8",
        SnapshotAt = DateTimeOffset.UnixEpoch,
        SchemaFingerprint = "f",
        Tables =
        [
            new TableRecord
            {
                Schema = "public",
                Name = "t",
                Path = "database/data/public.t/",
                Columns = ["a"],
                Pages = 1,
                Rows = 1,
                RawBytes = 1,
                PageBlocks = pageBlocks,
                Activity = new TableActivity { Oid = 1, RelationFile = 2, Fingerprint = "x", Inserted = 3, Updated = 4, Deleted = 5, Epoch = "e" },
            },
        ],
    };

    private static async Task<BackupManifest> CreateAsync()
    {
        var scene = new IncrementalScene(new InMemorySink());
        await scene.WriteFullAsync();
        return await scene.WriteIncrementalAsync(IncrementalScene.Second, IncrementalScene.Full, "a/2");
    }
}
