using System.Text.Json;
using Backup.TestKit;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Backup.TestKit.Tools;
using Npgsql;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary><c>diagnose</c> as people and scripts run it.</summary>
[Collection(ToolCollection.Name)]
public sealed class DiagnoseTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Diagnose_DatabaseStorageAndFolder_IsFineAndLeavesNothing()
    {
        await using var project = await SupabaseProject.CreateAsync(postgres.Server);
        await DocumentRegister.CreateAsync(project.Database, project.Storage, documents: 10);
        string[] arguments =
        [
            "diagnose", "--database", project.Database, "--storage", project.Storage.Address.ToString(),
            "--storage-key", project.Storage.ServiceKey, "--to", _folder["new/backups"],
        ];

        var text = (await ToolProcess.RunAsync(arguments)).EnsureComplete();
        var document = (await ToolProcess.RunAsync([.. arguments, "--json"])).EnsureComplete().Document;

        Assert.Contains("  ok    connection: ", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", text.Output, StringComparison.Ordinal);
        Assert.Equal("complete", document.GetProperty("status").GetString());
        Assert.Equal(0, document.GetProperty("failures").GetInt32());
        Assert.Equal(["host", "database", "storage", "target"], AreasOf(document));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Diagnose_EverythingIsWrong_NamesEachWithAdviceAndEndsWithOne()
    {
        var database = await ShopDatabase.CreateAsync(postgres);
        await ExecuteAsync(
            database,
            "DO $$ BEGIN CREATE ROLE diagnosed_guest LOGIN PASSWORD 'hush-hush'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;");
        var guest = new NpgsqlConnectionStringBuilder(database) { Username = "diagnosed_guest", Password = "hush-hush" }.ConnectionString;
        await using var storage = await StorageServer.StartAsync();
        await File.WriteAllTextAsync(_folder["file"], "in the way");
        string[] arguments =
        [
            "diagnose", "--database", guest, "--storage", storage.Address.ToString(),
            "--storage-key", "eyJhbGciOiJIUzI1NiJ9.hush-hush.c2ln", "--to", _folder["file"],
        ];

        var text = await ToolProcess.RunAsync(arguments);
        var json = await ToolProcess.RunAsync([.. arguments, "--json"]);

        Assert.Equal((1, 1), (text.ExitCode, json.ExitCode));
        var failed = json.Document.GetProperty("checks").EnumerateArray().Where(check => Text(check, "status") == "fail").ToList();
        Assert.Superset(
            new HashSet<string> { "database.tables", "storage.key", "target.write" }, failed.Select(check => Text(check, "id")).ToHashSet());
        Assert.All(failed, check => Assert.NotEmpty(Text(check, "advice")));
        Assert.Equal("completedWithFailures", json.Document.GetProperty("status").GetString());
        Assert.Contains("  fail  tables: ", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", text.Output + text.Error + json.Output + json.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-o size=4m", "is full")]
    [InlineData("-o ro", "read-only")]
    public async Task Diagnose_DiskThatTakesNothing_SaysSoAndLeavesNothing(string mount, string expected)
    {
        // A mount of its own needs no rights inside a user namespace, and it is gone with the last process in it.
        var run = await ExternalTool.RunAsync(
            "unshare",
            [
                "--user", "--map-root-user", "--mount", "sh", "-c",
                """
                folder=$1 options=$2; shift 2
                mount -t tmpfs $options tmpfs "$folder" || exit 99
                "$@" diagnose --to "$folder"
                code=$?
                find "$folder" -mindepth 1 | sed 's/^/left: /'
                exit $code
                """,
                "sh", _folder.Path, mount, .. ToolProcess.Program,
            ]);

        Assert.True(run.ExitCode == 1, $"exit code {run.ExitCode}\n{run.Error}\n{run.Output}");
        var line = Assert.Single(run.Output.Split('\n'), text => text.StartsWith("  fail  write: ", StringComparison.Ordinal));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("left: ", run.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> AreasOf(JsonElement document) =>
        document.GetProperty("checks").EnumerateArray().Select(check => Text(check, "area")).Distinct();

    private static string Text(JsonElement check, string member) => check.GetProperty(member).GetString()!;

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
