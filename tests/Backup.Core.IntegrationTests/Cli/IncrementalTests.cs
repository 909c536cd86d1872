using System.Text.Json;
using Backup.TestKit;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;
using Npgsql;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary>Incremental backups by the tool: what is stored, what is said, and what becomes of it when the parent is not what it was.</summary>
[Collection(ToolCollection.Name)]
public sealed class IncrementalTests(PostgresFixture postgres) : IDisposable
{
    private const int Documents = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_Incremental_StoresWhatChangedAndComesBackWhole()
    {
        await using var source = await FilledProjectAsync();
        var full = await JsonAsync(["create", .. Both(source), "--to", _folder.Path]);
        Assert.Equal("full", full.GetProperty("kind").GetString());
        await ExecuteAsync(source, "UPDATE public.small SET note = 'changed'; DROP TABLE public.gone");
        await source.Storage.State.PutAsync(DocumentRegister.LettersBucket, "new.txt", "new");

        var files = _folder.Files;
        var preview = await JsonAsync(["create", .. Both(source), "--to", _folder.Path, "--incremental", "--preview"]);
        Assert.Equal(files, _folder.Files);
        var created = await JsonAsync(["create", .. Both(source), "--to", _folder.Path, "--incremental", "--codec", "deflate"]);

        Assert.Equal(("planned", "incremental"), (Text(preview, "status"), Text(preview, "kind")));
        Assert.Equal(("incremental", Text(full, "id")), (Text(created, "kind"), Text(created, "parent")));
        Assert.False(created.TryGetProperty("kindReason", out _));
        Assert.Equal(Text(created, "parent"), Text(preview, "parent"));
        var changes = created.GetProperty("changes");
        Assert.Equal(preview.GetProperty("changes").GetRawText(), changes.GetRawText());
        Assert.Equal(0, Items(Table(changes, "large"), "stored"));
        Assert.True(Items(Table(changes, "large"), "reused") > 0);
        Assert.Equal((1, 0), (Items(Table(changes, "small"), "stored"), Items(Table(changes, "small"), "reused")));
        Assert.Equal((0, 1), (Items(Table(changes, "gone"), "stored"), Items(Table(changes, "gone"), "dropped")));
        Assert.Equal((1, Documents), (changes.GetProperty("buckets").EnumerateArray().Sum(bucket => Items(bucket, "stored")),
            changes.GetProperty("buckets").EnumerateArray().Sum(bucket => Items(bucket, "reused"))));

        Assert.True((await JsonAsync("verify", "latest", "--from", _folder.Path)).GetProperty("intact").GetBoolean());
        await using var target = await SupabaseProject.CreateAsync(postgres.Server);
        await JsonAsync(["restore", "latest", "--from", _folder.Path, .. Both(target)]);
        Assert.Empty(TableDigest.Differences(await DigestsAsync(source), await DigestsAsync(target)));
        Assert.Equal(Documents + 1, target.Storage.State.Buckets.Sum(bucket => target.Storage.State.Objects(bucket.Id).Count));
    }

    [Fact]
    public async Task Create_ParentDeletedByHand_SaysSoAndMakesAFullOne()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        var full = Text(await JsonAsync("create", "--database", source, "--to", _folder.Path), "id")!;
        var incremental = Text(await JsonAsync("create", "--database", source, "--to", _folder.Path, "--incremental"), "id")!;
        Directory.Delete(_folder[full], recursive: true);

        (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path, "--incremental", "--parent", full)).AssertFailed(3, full);
        (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path, "--incremental", "--parent", incremental))
            .AssertFailed(3, incremental, full, "not there any more");
        var target = await postgres.Server.CreateDatabaseAsync();
        (await ToolProcess.RunAsync("restore", incremental, "--from", _folder.Path, "--database", postgres.Server.ConnectionString(target)))
            .AssertFailed(3, incremental, full);

        var created = (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path, "--incremental")).EnsureComplete();
        Assert.Contains("full, not incremental: ", created.Output, StringComparison.Ordinal);
        Assert.Contains(created.ErrorLines, line => line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains(full, StringComparison.Ordinal));
        (await ToolProcess.RunAsync("verify", "latest", "--from", _folder.Path)).EnsureComplete();
        var next = (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path, "--incremental")).EnsureComplete();
        Assert.Contains("incremental, built on ", next.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_VolumeInTheChainIsCut_IsNamed()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        var full = Text(await JsonAsync("create", "--database", source, "--to", _folder.Path), "id")!;
        var incremental = Text(await JsonAsync("create", "--database", source, "--to", _folder.Path, "--incremental"), "id")!;
        await using (var volume = File.OpenWrite(_folder[$"{full}/volume-0001.zip"]))
        {
            volume.SetLength(volume.Length - 1);
        }

        (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path, "--incremental", "--parent", incremental))
            .AssertFailed(3, incremental, full, "volume-0001.zip");
        var created = await JsonAsync("create", "--database", source, "--to", _folder.Path, "--incremental");
        Assert.Equal("full", Text(created, "kind"));
        Assert.Contains(full, Text(created, "kindReason"), StringComparison.Ordinal);
        Assert.Contains("volume-0001.zip", Text(created, "kindReason"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ChainIsAsLongAsAllowed_IsFullAgainAndSaysWhy()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        await JsonAsync("create", "--database", source, "--to", _folder.Path, "--incremental");
        await JsonAsync("create", "--database", source, "--to", _folder.Path, "--incremental", "--max-chain", "1");

        var run = (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path, "--incremental", "--max-chain", "1", "--json"))
            .EnsureComplete();

        Assert.Equal("full", Text(run.Document, "kind"));
        Assert.Contains("(--max-chain)", Text(run.Document, "kindReason"), StringComparison.Ordinal);
        Assert.Contains("(--max-chain)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_TwoAtOnceOnOneTarget_BothAreWhole()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        (await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path)).EnsureComplete();

        var both = await Task.WhenAll(
            JsonAsync("create", "--database", source, "--to", _folder.Path, "--incremental"),
            JsonAsync("create", "--database", source, "--to", _folder.Path, "--incremental"));

        Assert.All(both, created => Assert.Equal("incremental", Text(created, "kind")));
        foreach (var created in both)
        {
            (await ToolProcess.RunAsync("verify", Text(created, "id")!, "--from", _folder.Path)).EnsureComplete();
        }
    }

    private async Task<SupabaseProject> FilledProjectAsync()
    {
        var project = await SupabaseProject.CreateAsync(postgres.Server);
        await ExecuteAsync(
            project,
            """
            CREATE TABLE public.large AS SELECT n, md5(n::text) AS noise FROM generate_series(1, 30000) n;
            CREATE TABLE public.small AS SELECT n, 'note'::text AS note FROM generate_series(1, 100) n;
            CREATE TABLE public.gone AS SELECT n FROM generate_series(1, 100) n;
            """);
        await DocumentRegister.CreateAsync(project.Database, project.Storage, Documents);
        return project;
    }

    private Task ExecuteAsync(SupabaseProject project, string sql) =>
        postgres.Server.ExecuteAsync(new NpgsqlConnectionStringBuilder(project.Database).Database!, sql);

    private static async Task<Dictionary<string, string>> DigestsAsync(SupabaseProject project) =>
        (await TableDigest.ReadAsync(project.Database)).Where(table => table.Key.StartsWith("public.", StringComparison.Ordinal)).ToDictionary();

    private static string[] Both(SupabaseProject project) =>
        ["--database", project.Database, "--storage", project.Storage.Address.ToString(), "--storage-key", project.Storage.ServiceKey];

    private static string? Text(JsonElement document, string member) => document.GetProperty(member).GetString();

    private static JsonElement Table(JsonElement changes, string name) =>
        changes.GetProperty("tables").EnumerateArray().Single(table => Text(table, "name") == name);

    private static long Items(JsonElement of, string member) => of.GetProperty(member).GetProperty("items").GetInt64();

    private static async Task<JsonElement> JsonAsync(params string[] arguments) =>
        (await ToolProcess.RunAsync([.. arguments, "--json"])).EnsureComplete().Document;
}
