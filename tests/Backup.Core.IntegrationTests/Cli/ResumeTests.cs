using System.Globalization;
using Backup.Core.Archives;
using Backup.Core.IntegrationTests.Suspension;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary>Runs of the tool that end early, by their time budget or by kill -9, and that are resumed.</summary>
[Collection(ToolCollection.Name)]
public sealed class ResumeTests(PostgresFixture postgres) : IDisposable
{
    // The number of random points to kill at; a few unless it is set.
    private const string KillsVariable = "BACKUP_CORE_KILLS";
    private const int DefaultKills = 4;
    private const string BackupFile = @"^(manifest\.json|volume-\d{4}\.zip|index-\d{4}\.ndjson\.gz)$";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_TimeBudgetEnds_SaysHowToGoOn()
    {
        await using var project = await LongJob.CreateAsync(postgres);
        project.Storage.Faults.Add(StorageCall.IsDownload, Fault.Silence, first: 51);

        var suspended = await ToolProcess.RunAsync(["create", .. Both(project), "--to", _folder.Path, "--time-budget", "10s", "--transfers", "1"]);

        Assert.True(suspended.ExitCode == 4, $"exit code {suspended.ExitCode}\n{suspended.Error}\n{suspended.Output}");
        Assert.Contains("left:", suspended.Output, StringComparison.Ordinal);
        Assert.Contains("100 objects", suspended.Output, StringComparison.Ordinal);
        var line = suspended.Output.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("  resume: backup-core create --resume ", line, StringComparison.Ordinal);
        Assert.Contains("--database CONN", line, StringComparison.Ordinal);
        Assert.DoesNotContain(project.Storage.ServiceKey, line, StringComparison.Ordinal);
        Assert.Equal(0, (await ToolProcess.RunAsync("list", "--from", _folder.Path, "--json")).Document.GetProperty("backups").GetArrayLength());

        project.Storage.Faults.Clear();
        var id = line.Split(' ')[6];
        (await ToolProcess.RunAsync(["create", "--resume", id, .. Both(project), "--to", _folder.Path, "--json"])).EnsureComplete();
        await LongJob.AssertSameAsync(postgres, new DirectorySink(_folder.Path), new BackupId(id), project);
    }

    [Fact]
    public async Task Create_TimeBudgetEndsWithJson_IsADocument()
    {
        await using var project = await LongJob.CreateAsync(postgres);
        project.Storage.Faults.Add(StorageCall.IsDownload, Fault.Silence, first: 21);

        var suspended = await ToolProcess.RunAsync(["create", .. Both(project), "--to", _folder.Path, "--time-budget", "00:00:08", "--json"]);

        Assert.Equal(4, suspended.ExitCode);
        var document = suspended.Document;
        Assert.Equal("suspended", document.GetProperty("status").GetString());
        Assert.Equal(1, document.GetProperty("part").GetInt32());
        Assert.True(document.GetProperty("remaining").GetProperty("hasObjects").GetBoolean());
        Assert.Equal(0, document.GetProperty("remaining").GetProperty("tables").GetInt32());
    }

    [Theory]
    [InlineData("--time-budget", "ten")]
    [InlineData("--time-budget", "0.5s")]
    [InlineData("--time-budget", "9")]
    [InlineData("--resume", "latest")]
    [InlineData("--allow-mixed-tables")]
    public async Task Create_OptionsThatCannotBe_AreUsage(params string[] options) =>
        (await ToolProcess.RunAsync(["create", "--database", "Host=localhost", "--to", _folder.Path, .. options])).AssertFailed(2, options[0]);

    [Fact]
    public async Task Create_ResumeOfWhatIsNotThere_SaysSo()
    {
        var source = await ShopDatabase.CreateAsync(postgres);

        (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path, "--resume", "20260101T000000Z-abcd"))
            .AssertFailed(3, "20260101T000000Z-abcd");

        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Create_KilledAtRandomPointsAndResumed_IsRestoredEqual()
    {
        await using var project = await LongJob.CreateAsync(postgres);
        var kills = int.Parse(Environment.GetEnvironmentVariable(KillsVariable) ?? $"{DefaultKills}", CultureInfo.InvariantCulture);
        var random = new Random(kills);
        string? run = null;
        for (var kill = 0; kill < kills; kill++)
        {
            // Somewhere on the way to the end: what is there already counts.
            var bytes = random.NextInt64(1, 2_000_000);
            await using var tool = Start(project, run);
            if (!await KillWhenAsync(tool, FolderBytes() + bytes))
            {
                // It was done first: the next one begins anew.
                (await tool.EndAsync()).EnsureComplete();
                await LongJob.AssertSameAsync(postgres, new DirectorySink(_folder.Path), NewestRun(), project);
                run = null;
                continue;
            }

            await tool.EndAsync();
            run = _folder.Files.Any(file => file.StartsWith(NewestRun().Value + "/checkpoint-", StringComparison.Ordinal)) ? NewestRun().Value : null;
        }

        (await Start(project, run).EndAsync()).EnsureComplete();
        await LongJob.AssertSameAsync(postgres, new DirectorySink(_folder.Path), NewestRun(), project);
        Assert.All(AllFiles(), file => Assert.Matches(BackupFile, file.Name));
    }

    private static string[] Both(SupabaseProject project) =>
    [
        "--database", project.Database, "--storage", project.Storage.Address.ToString(), "--storage-key", project.Storage.ServiceKey,
    ];

    private ToolProcess Start(SupabaseProject project, string? run) => ToolProcess.Start(
        [],
        ["create", .. Both(project), "--to", _folder.Path, "--resumable", "--volume-size", "1MiB", "--jobs", "2", .. run is null ? Array.Empty<string>() : ["--resume", run]]);

    // False when the tool ended first.
    private async Task<bool> KillWhenAsync(ToolProcess tool, long bytes)
    {
        while (!tool.HasExited)
        {
            if (FolderBytes() >= bytes)
            {
                tool.Kill();
                return true;
            }

            await Task.Yield();
        }

        return false;
    }

    private long FolderBytes() => AllFiles().Sum(LengthOf);

    // Hidden ones too: those are being written, or were when their process was killed.
    private IEnumerable<FileInfo> AllFiles() => new DirectoryInfo(_folder.Path)
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });

    // Zero for a file that has gone since it was listed.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private BackupId NewestRun() => new(_folder.Files.Select(file => file.Split('/')[0]).Max(StringComparer.Ordinal)!);
}
