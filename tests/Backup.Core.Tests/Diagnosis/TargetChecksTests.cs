using Backup.Core.Diagnosis;
using Backup.Core.Errors;
using Backup.Core.Hosting;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Sinks;

namespace Backup.Core.Tests.Diagnosis;

public sealed class TargetChecksTests : IDisposable
{
    private static readonly string[] All =
        ["target.write", "target.read", "target.delete", "target.speed", "target.space", "target.durability"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_Folder_IsFineAndAsItWas()
    {
        await File.WriteAllTextAsync(_folder["other.txt"], "stays");

        var report = await DiagnoseAsync(new DirectorySink(_folder.Path));

        Assert.Equal(All, report.Checks.Select(check => check.Id));
        AssertFine(report);
        Assert.Equal(["other.txt"], _folder.Files);
    }

    [Fact]
    public async Task RunAsync_FolderThatIsMissing_IsMadeAndTakenBackWithThoseAboveIt()
    {
        var report = await DiagnoseAsync(new DirectorySink(_folder["a/b/c"]));

        AssertFine(report);
        Assert.Contains("not there yet", report.Checks[0].Finding, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task RunAsync_FileInTheWay_FailsAndLeavesIt()
    {
        await File.WriteAllTextAsync(_folder["file"], "stays");

        var report = await DiagnoseAsync(new DirectorySink(_folder["file/backups"]));

        var write = Assert.Single(report.Checks, check => check.Status == DiagnosisStatus.Fail);
        Assert.Equal("target.write", write.Id);
        Assert.Contains("is a file", write.Finding, StringComparison.Ordinal);
        Assert.NotNull(write.Advice);
        Assert.Equal(["file"], _folder.Files);
    }

    [Theory]
    [InlineData(SinkOperation.Create, "target.write")]
    [InlineData(SinkOperation.Write, "target.write")]
    [InlineData(SinkOperation.Commit, "target.write")]
    [InlineData(SinkOperation.Open, "target.read")]
    [InlineData(SinkOperation.Read, "target.read")]
    [InlineData(SinkOperation.List, "target.delete")]
    public async Task RunAsync_CallThatFails_IsTheOnlyFailureAndNothingStays(SinkOperation operation, string expected)
    {
        var inner = new InMemorySink();

        var report = await DiagnoseAsync(new FaultySink(inner).FailFrom(operation, 1));

        Assert.Equal(expected, Assert.Single(report.Checks, check => check.Status == DiagnosisStatus.Fail).Id);
        Assert.Empty(await ListAsync(inner));
    }

    [Fact]
    public async Task RunAsync_AnswerToTheCommitIsLost_NothingStays()
    {
        var inner = new InMemorySink();

        var report = await DiagnoseAsync(new FaultySink(inner).FailAfter(SinkOperation.Commit, 1));

        Assert.Equal(DiagnosisStatus.Fail, report.Status);
        Assert.Empty(await ListAsync(inner));
    }

    [Fact]
    public async Task RunAsync_CancelledWhileItReads_NothingStays()
    {
        var inner = new InMemorySink();
        using var cancel = new CancellationTokenSource();
        var sink = new FaultySink(inner).FailFrom(SinkOperation.Read, 1, () =>
        {
            cancel.Cancel();
            return new SinkException("broken off");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new BackupDiagnosis().RunAsync(new DiagnosisRequest { Target = sink }, cancellationToken: cancel.Token));

        Assert.Empty(await ListAsync(inner));
    }

    [Fact]
    public async Task RunAsync_SinkThatIsNotDurable_Warns()
    {
        var report = await DiagnoseAsync(new InMemorySink());

        Assert.Equal("target.durability", Assert.Single(report.Checks, check => check.Status == DiagnosisStatus.Warn).Id);
    }

    [Theory]
    [InlineData(15, null, DiagnosisStatus.Fail)]
    [InlineData(100, null, DiagnosisStatus.Warn)]
    [InlineData(100, 50, DiagnosisStatus.Ok)]
    [InlineData(1000, 2000, DiagnosisStatus.Warn)]
    [InlineData(1000, null, DiagnosisStatus.Ok)]
    public void Space_ComparedWithTheTables_IsJudged(int freeMegabytes, int? tableMegabytes, DiagnosisStatus expected)
    {
        const long Megabyte = 1024 * 1024;

        Assert.Equal(expected, TargetChecks.Space(new DiskSpace(freeMegabytes * Megabyte, 5000 * Megabyte), tableMegabytes * Megabyte).Status);
    }

    [Fact]
    public void Space_NotTold_Warns() => Assert.Equal(DiagnosisStatus.Warn, TargetChecks.Space(null, null).Status);

    [Theory]
    [InlineData(1, DiagnosisStatus.Ok)]
    [InlineData(20, DiagnosisStatus.Warn)]
    public void Speed_SlowerThanAMegabyteASecond_Warns(int seconds, DiagnosisStatus expected) =>
        Assert.Equal(expected, TargetChecks.Speed(TargetProbe.MaxBytes, TimeSpan.FromSeconds(seconds)).Status);

    [Theory]
    [InlineData(true, false, DiagnosisStatus.Ok)]
    [InlineData(false, false, DiagnosisStatus.Warn)]
    [InlineData(true, true, DiagnosisStatus.Warn)]
    public void Durability_OfAPlaceThatForgets_Warns(bool isDurable, bool isInMemory, DiagnosisStatus expected) => Assert.Equal(
        expected,
        TargetChecks.Durability(new SinkCapabilities { Location = "place", IsDurable = isDurable, IsInMemory = isInMemory }).Status);

    // The folder of a test may lie in memory.
    private static void AssertFine(DiagnosisReport report) => Assert.All(
        report.Checks.Where(check => check.Id != "target.durability"), check => Assert.True(check.Status == DiagnosisStatus.Ok, check.ToString()));

    private static async Task<DiagnosisReport> DiagnoseAsync(IBackupSink sink)
    {
        var report = await new BackupDiagnosis().RunAsync(new DiagnosisRequest { Target = sink });
        return report with { Checks = [.. report.Checks.Where(check => check.Area == DiagnosisArea.Target)] };
    }

    private static async Task<List<string>> ListAsync(InMemorySink sink)
    {
        var names = new List<string>();
        await foreach (var item in sink.ListAsync(""))
        {
            names.Add(item.Name);
        }

        return names;
    }
}
