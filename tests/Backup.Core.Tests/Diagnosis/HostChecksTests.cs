using Backup.Core.Diagnosis;
using Backup.Core.Hosting;
using Backup.Core.Pipeline;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Options;

namespace Backup.Core.Tests.Diagnosis;

public sealed class HostChecksTests
{
    [Fact]
    public async Task RunAsync_ValuesThatAreSet_AreToldWithTheirSourcesAndReasons()
    {
        var options = new BackupOptions
        {
            Host = new HostOverrides { Platform = HostPlatform.AwsLambda, Processors = 0.5, MemoryBytes = 256 * 1024 * 1024, TimeLimit = TimeSpan.FromMinutes(9) },
            MemoryBudgetBytes = 5 * 1024 * 1024,
        };

        var checks = (await new BackupDiagnosis().RunAsync(new DiagnosisRequest { Options = options })).Checks;

        Assert.All(checks, check => Assert.Equal(DiagnosisArea.Host, check.Area));
        Assert.Contains("AwsLambda", Find(checks, "platform").Finding, StringComparison.Ordinal);
        Assert.Contains("0.5", Find(checks, "processors").Finding, StringComparison.Ordinal);
        Assert.Contains("256 MiB", Find(checks, "memory").Finding, StringComparison.Ordinal);
        Assert.StartsWith("Constrained", Find(checks, "profile").Finding, StringComparison.Ordinal);
        Assert.Equal("5 MiB (set).", Find(checks, "memoryBudget").Finding);
        Assert.Equal(DiagnosisStatus.Warn, Find(checks, "timeLimit").Status);
        Assert.Contains("00:09:00", Find(checks, "timeLimit").Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SettingsThatTheHostCannotMeet_AreAFinding()
    {
        // Enough for the blocks of the constrained profile, and not for those that this host gets.
        var options = new BackupOptions
        {
            Host = new HostOverrides { Processors = 2, MemoryBytes = 2L * 1024 * 1024 * 1024 },
            CompressionWorkers = 12,
            MemoryBudgetBytes = 11 * 1024 * 1024,
        };

        var report = await new BackupDiagnosis().RunAsync(new DiagnosisRequest { Options = options, Store = new InMemoryObjectStore() });

        var failed = Assert.Single(report.Checks, check => check.Status == DiagnosisStatus.Fail);
        Assert.Equal("host.settings", failed.Id);
        Assert.Contains("MemoryBudgetBytes", failed.Finding, StringComparison.Ordinal);
        Assert.Contains(report.Checks, check => check.Id == "storage.reachable");
    }

    [Fact]
    public async Task RunAsync_InvalidRequest_IsRefused()
    {
        var diagnosis = new BackupDiagnosis();

        await Assert.ThrowsAsync<OptionsValidationException>(
            () => diagnosis.RunAsync(new DiagnosisRequest { Options = new BackupOptions { Transfers = 0 } }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => diagnosis.RunAsync(new DiagnosisRequest { CheckTimeout = TimeSpan.Zero }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => diagnosis.RunAsync(new DiagnosisRequest { CheckTimeout = TimeSpan.FromHours(1) }));
    }

    [Theory]
    [InlineData(null, DiagnosisStatus.Ok)]
    [InlineData(15, DiagnosisStatus.Warn)]
    [InlineData(360, DiagnosisStatus.Ok)]
    public void TimeLimit_OfAFunction_Warns(int? minutes, DiagnosisStatus expected) => Assert.Equal(
        expected, HostChecks.TimeLimit(minutes is { } known ? new HostValue<TimeSpan>(TimeSpan.FromMinutes(known), "platform") : null).Status);

    [Theory]
    [InlineData(false, DiagnosisStatus.Ok)]
    [InlineData(true, DiagnosisStatus.Warn)]
    public void TemporaryFolder_InMemory_Warns(bool isInMemory, DiagnosisStatus expected) => Assert.Equal(
        expected, HostChecks.TemporaryFolder(new(new TempFolder("/tmp", 1024, isInMemory), "system")).Status);

    [Fact]
    public void TemporaryFolder_None_Warns() => Assert.Equal(DiagnosisStatus.Warn, HostChecks.TemporaryFolder(null).Status);

    private static DiagnosisCheck Find(IEnumerable<DiagnosisCheck> checks, string name) => checks.Single(check => check.Id == $"host.{name}");
}
