using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Resuming;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Archives.Manifest;

public sealed class PartRulesTests
{
    private const string Actor = "database/data/public.actor/";

    private static readonly Dictionary<string, Func<BackupManifest, BackupManifest>> Faults = new()
    {
        ["one part"] = manifest => manifest with { Parts = [manifest.Parts![0]] },
        ["gap"] = manifest => manifest with { Parts = [manifest.Parts![0], manifest.Parts[1] with { Number = 3 }] },
        ["empty"] = manifest => manifest with { Parts = [manifest.Parts![0], null!] },
        ["first volume"] = manifest => manifest with { Parts = [manifest.Parts![0] with { FirstVolume = 2 }, manifest.Parts[1]] },
        ["backwards"] = manifest => manifest with { Parts = [.. manifest.Parts!, manifest.Parts![1] with { Number = 3, FirstVolume = 1 }] },
        ["beyond"] = manifest => manifest with { Parts = [manifest.Parts![0], manifest.Parts[1] with { FirstVolume = 99 }] },
        ["superseded table"] = manifest => manifest with { Superseded = [Actor] },
        ["superseded twice"] = manifest => manifest with { Superseded = ["database/data/x/", "database/data/x/"] },
        ["superseded object"] = manifest => manifest with { Superseded = ["storage/b/"] },
        ["superseded file"] = manifest => manifest with { Superseded = ["database/data/x"] },
        ["mixed of one"] = manifest => manifest with
        {
            Parts = null,
            Database = manifest.Database! with { Tables = [manifest.Database.Tables[0] with { Mixed = true }, .. manifest.Database.Tables.Skip(1)] },
        },
    };

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(FaultNames))]
    public async Task Parse_PartsThatCannotBe_Throws(string fault)
    {
        var manifest = await CreateAsync();
        Assert.Null(ManifestRules.FindFault(manifest));

        Assert.Throws<ArchiveFormatException>(() => ManifestFile.Parse(ManifestFile.Serialize(Faults[fault](manifest)), "x"));
    }

    [Fact]
    public async Task Parse_PartsAsTheyWereWritten_AreTheSame()
    {
        var manifest = await CreateAsync();

        var read = ManifestFile.Parse(ManifestFile.Serialize(manifest), "x");

        Assert.Equal(manifest.Parts, read.Parts);
        Assert.Equal(manifest.Superseded, read.Superseded);
    }

    private static async Task<BackupManifest> CreateAsync()
    {
        var time = new FakeTimeProvider();
        var sink = new InMemorySink();
        await new PartedRun(sink, time).RunAsync(4);
        return (await new PartedRun(sink, time).RunAsync())!;
    }
}
