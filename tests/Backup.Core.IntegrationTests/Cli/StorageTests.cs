using System.Text.Json;
using Backup.TestKit;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Cli;

/// <summary>The tool and a Storage: what comes back, what is printed, and one line for whatever is wrong.</summary>
[Collection(ToolCollection.Name)]
public sealed class StorageTests(PostgresFixture postgres) : IDisposable
{
    private const int Documents = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AllCommands_DatabaseAndStorage_BringBothBack()
    {
        await using var source = await FilledProjectAsync();
        await using var target = await SupabaseProject.CreateAsync(postgres.Server);

        var created = await JsonAsync(["create", .. Both(source), "--to", _folder.Path]);
        Assert.Equal(Documents, created.GetProperty("totals").GetProperty("objects").GetInt64());
        Assert.Equal(["letters", "pictures"], created.GetProperty("buckets").EnumerateArray().Select(Id));

        var storage = (await JsonAsync("show", "latest", "--from", _folder.Path)).GetProperty("storage");
        Assert.Equal("database", storage.GetProperty("listing").GetString());
        Assert.Equal(source.Storage.Address.ToString(), storage.GetProperty("location").GetString());
        Assert.True((await JsonAsync("verify", "latest", "--from", _folder.Path)).GetProperty("intact").GetBoolean());

        var planned = (await JsonAsync(["restore", "latest", "--from", _folder.Path, .. Both(target), "--dry-run"])).GetProperty("plan");
        Assert.Equal(Documents, planned.GetProperty("buckets").EnumerateArray().Sum(bucket => Count(bucket, "restore")));
        Assert.Empty(target.Storage.State.Buckets);

        var restored = await JsonAsync(["restore", "latest", "--from", _folder.Path, .. Both(target)]);
        Assert.Equal(Documents, restored.GetProperty("buckets").EnumerateArray().Sum(bucket => Count(bucket, "uploaded")));
        var register = await DocumentRegister.CheckAsync(target.Database, target.Storage);
        Assert.Equal(Documents, register.Rows);
        Assert.True(register.IsConsistent(clerks: 0));
    }

    [Fact]
    public async Task Restore_Again_SkipsWhatIsThereAndSaysSo()
    {
        await using var project = await FilledProjectAsync();
        (await ToolProcess.RunAsync(["create", .. StorageOf(project), "--to", _folder.Path])).EnsureComplete();
        var changed = project.Storage.State.Objects(DocumentRegister.LettersBucket)[0].Name;
        await project.Storage.State.PutAsync(DocumentRegister.LettersBucket, changed, "changed");

        var planned = (await ToolProcess.RunAsync(["restore", "latest", "--from", _folder.Path, .. StorageOf(project), "--dry-run"]))
            .EnsureComplete();
        Assert.Contains("skip 44, overwrite 1", planned.Output, StringComparison.Ordinal);

        var failed = await ToolProcess.RunAsync(
            ["restore", "latest", "--from", _folder.Path, .. StorageOf(project), "--on-conflict", "fail", "--buckets", "letters"]);
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains(failed.ErrorLines, line => line.StartsWith($"failed: OBJECT letters/{changed}: ", StringComparison.Ordinal));

        var restored = (await ToolProcess.RunAsync(["restore", "latest", "--from", _folder.Path, .. StorageOf(project)])).EnsureComplete();
        Assert.Contains("1 file of 2 buckets", restored.Output, StringComparison.Ordinal);
        Assert.Contains("(59 more were there already)", restored.Output, StringComparison.Ordinal);
        Assert.NotEqual("changed".Length, project.Storage.State.Find("letters", changed)!.Content!.Length);
    }

    [Fact]
    public async Task CreateAndRestore_BucketsAndPrefix_TakeThoseAlone()
    {
        await using var source = await FilledProjectAsync();

        var created = await JsonAsync(
            ["create", .. StorageOf(source), "--to", _folder.Path, "--buckets", "let*", "--prefix", "2021/"]);
        var expected = source.Storage.State.Objects("letters").Where(file => file.Name.StartsWith("2021/", StringComparison.Ordinal)).ToList();
        Assert.Equal(expected.Count, created.GetProperty("totals").GetProperty("objects").GetInt64());

        (await ToolProcess.RunAsync(["restore", "latest", "--from", _folder.Path, "--storage", _folder["files"], "--prefix", expected[0].Name]))
            .EnsureComplete();
        var file = Assert.Single(Directory.GetFiles(_folder["files"], "*", SearchOption.AllDirectories));
        Assert.Equal(expected[0].Content!.Length, new FileInfo(file).Length);
    }

    [Fact]
    public async Task Create_ObjectsFail_NamesEachAndEndsWithOne()
    {
        await using var source = await FilledProjectAsync();
        await source.Storage.State.PutAsync("letters", "caf\u00e9.txt", "a name that the server lists and refuses to read");

        var created = await ToolProcess.RunAsync(["create", .. Both(source), "--to", _folder.Path]);
        Assert.Equal(1, created.ExitCode);
        Assert.Contains(created.ErrorLines, line => line.StartsWith("failed: letters/caf\u00e9.txt: ", StringComparison.Ordinal));

        (await ToolProcess.RunAsync(["create", .. Both(source), "--to", _folder.Path, "--max-failures", "0"]))
            .AssertFailed(3, "caf\u00e9.txt");
        Assert.Single((await JsonAsync("list", "--from", _folder.Path)).GetProperty("backups").EnumerateArray());
    }

    [Fact]
    public async Task Create_WrongKeyOrAddressOrBucket_SaysWhatToDoInOneLine()
    {
        await using var project = await FilledProjectAsync();
        var address = project.Storage.Address.ToString();

        (await CreateAsync(address, "no-key-at-all")).AssertFailed(3, "key");
        (await CreateAsync(address, project.Storage.AnonKey)).AssertFailed(3, "service");
        (await CreateAsync("http://127.0.0.1:1", project.Storage.ServiceKey)).AssertFailed(3, "127.0.0.1");
        (await CreateAsync(address, project.Storage.ServiceKey, "--buckets", "missing")).AssertFailed(3, "missing");
        (await CreateAsync("ftp://somewhere", "k")).AssertFailed(2, "https://");
        (await ToolProcess.RunAsync("create", "--storage", address, "--to", _folder.Path)).AssertFailed(2, "BACKUP_STORAGE_KEY");
        (await ToolProcess.RunAsync("create", "--buckets", "b", "--to", _folder.Path)).AssertFailed(2, "--storage");
        Assert.False(Directory.Exists(_folder.Path) && Directory.EnumerateFiles(_folder.Path, "manifest.json", SearchOption.AllDirectories).Any());
    }

    private Task<ToolRun> CreateAsync(string address, string key, params string[] more) =>
        ToolProcess.RunAsync(["create", "--storage", address, "--storage-key", key, "--to", _folder.Path, .. more]);

    private async Task<SupabaseProject> FilledProjectAsync()
    {
        var project = await SupabaseProject.CreateAsync(postgres.Server);
        await DocumentRegister.CreateAsync(project.Database, project.Storage, Documents);
        return project;
    }

    private static string[] StorageOf(SupabaseProject project) =>
        ["--storage", project.Storage.Address.ToString(), "--storage-key", project.Storage.ServiceKey];

    private static string[] Both(SupabaseProject project) => ["--database", project.Database, .. StorageOf(project)];

    private static string? Id(JsonElement bucket) => bucket.GetProperty("id").GetString();

    private static long Count(JsonElement bucket, string member) => bucket.GetProperty(member).GetProperty("objects").GetInt64();

    private static async Task<JsonElement> JsonAsync(params string[] arguments) =>
        (await ToolProcess.RunAsync([.. arguments, "--json"])).EnsureComplete().Document;
}
