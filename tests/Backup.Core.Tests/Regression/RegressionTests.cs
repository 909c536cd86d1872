using Backup.Core.Compression;
using Backup.TestKit.Workloads;
using Xunit.Abstractions;

namespace Backup.Core.Tests.Regression;

/// <summary>Counts what the whole process allocates, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(RegressionTests), DisableParallelization = true)]
public sealed class RegressionTestsAlone;

/// <summary>Holds allocations and ratios against <c>baseline.json</c>; benchmarks/README.md says how to renew it.</summary>
[Collection(nameof(RegressionTests))]
public sealed class RegressionTests(ITestOutputHelper output)
{
    // The counter itself is off by an object now and then; fewer bytes than this in a unit cost nothing.
    private const int SlackBytes = 128;

    // Below this the baseline is so much too high that it would hide the next regression.
    private const double WorthRenewing = 0.8;
    private const double RatioTolerance = 0.005;

    public static TheoryData<string> Scenarios => [.. AllocationScenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Allocations_OfAHotPath_StayWithinTheBaseline(string name)
    {
        var scenario = AllocationScenarios.All.Single(scenario => scenario.Name == name);
        var bytes = await scenario.MeasureAsync();
        output.WriteLine($"{name}: {bytes}");
        if (Baseline.IsRenewed)
        {
            Baseline.Renew(baseline => baseline.Allocations[name] = bytes);
            return;
        }

        var expected = Baseline.Read().Allocations[name];
        if (bytes < (expected * WorthRenewing) - SlackBytes)
        {
            RegressionReport.Add($"{name}: {bytes} instead of {expected}. Renew the baseline, so that it guards this.");
        }

        Assert.InRange(bytes, 0, (long)(expected * (1 + scenario.Tolerance)) + SlackBytes);
    }

    [Theory]
    [InlineData(Compressors.Zstandard, 1)]
    [InlineData(Compressors.Zstandard, 3)]
    [InlineData(Compressors.Zstandard, 9)]
    [InlineData(Compressors.Deflate, 1)]
    [InlineData(Compressors.Deflate, 3)]
    [InlineData(Compressors.Deflate, 6)]
    public void Ratios_OfACodec_AreReportedWhenTheyChange(string codec, int level)
    {
        WorkloadTable[] tables = [new DocsTable(), new AccountsTable(), new WideTable()];
        foreach (var table in tables)
        {
            var name = $"{table.Name} with {codec} {level}";
            var ratio = Math.Round(Pack(Compressors.Create(codec, level), table), 3);
            output.WriteLine($"{name}: {ratio}");
            if (Baseline.IsRenewed)
            {
                Baseline.Renew(baseline => baseline.Ratios[name] = ratio);
            }
            else if (Baseline.Read().Ratios[name] is var expected && Math.Abs(ratio - expected) > expected * RatioTolerance)
            {
                RegressionReport.Add($"{name}: packs {ratio} to one instead of {expected}.");
            }
        }
    }

    private static double Pack(ICompressor compressor, WorkloadTable table)
    {
        var rows = table.MakeRows(1024 * 1024);
        var packed = new byte[compressor.GetMaxCompressedBytes(rows.Length)];
        return (double)rows.Length / compressor.Compress(rows, packed, isLast: true);
    }
}
