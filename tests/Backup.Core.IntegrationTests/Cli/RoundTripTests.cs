using System.Text.Json;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;

namespace Backup.Core.IntegrationTests.Cli;

[Collection(ToolCollection.Name)]
public sealed class RoundTripTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AllCommands_WithJson_GiveOneDocumentEachAndTheSameData()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        var target = await postgres.CreateDatabaseAsync();

        var created = await JsonAsync("create", "--database", source, "--to", _folder.Path, "--codec", "deflate", "--jobs", "2");
        var id = created.GetProperty("id").GetString()!;
        Assert.Equal("complete", created.GetProperty("status").GetString());
        Assert.Equal(7002, created.GetProperty("totals").GetProperty("rows").GetInt64());
        Assert.Equal(3, created.GetProperty("tables").GetArrayLength());

        var listed = Assert.Single((await JsonAsync("list", "--from", _folder.Path)).GetProperty("backups").EnumerateArray());
        Assert.Equal(id, listed.GetProperty("id").GetString());
        Assert.Equal(7002, listed.GetProperty("totals").GetProperty("rows").GetInt64());

        var shown = await JsonAsync("show", "latest", "--from", _folder.Path);
        Assert.Equal(id, shown.GetProperty("id").GetString());
        Assert.Contains(
            shown.GetProperty("database").GetProperty("tables").EnumerateArray(),
            table => table.GetProperty("schema").GetString() == "sales" && table.GetProperty("rows").GetInt64() == 5000);

        Assert.True((await JsonAsync("verify", id, "--from", _folder.Path)).GetProperty("intact").GetBoolean());

        var planned = await JsonAsync("restore", id, "--from", _folder.Path, "--database", target, "--dry-run");
        Assert.Equal("planned", planned.GetProperty("status").GetString());
        Assert.Equal(7002, planned.GetProperty("plan").GetProperty("rows").GetInt64());
        Assert.Empty(await TableDigest.ReadAsync(target));

        var restored = await JsonAsync("restore", id, "--from", _folder.Path, "--database", target, "--jobs", "2");
        Assert.Equal(7002, restored.GetProperty("rows").GetInt64());
        Assert.Equal(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target));
    }

    [Fact]
    public async Task AllCommands_InAPipe_GivePlainLines()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        var target = await postgres.CreateDatabaseAsync();
        var variables = new Dictionary<string, string?> { ["BACKUP_DATABASE"] = source };

        var created = (await ToolProcess.RunAsync(variables, "create", "--to", _folder.Path)).EnsureComplete();
        Assert.Matches(@"^Backup \d{8}T\d{6}Z-[0-9a-f]{4} in ", created.Output);
        Assert.Contains("3 tables, 7,002 rows", created.Output, StringComparison.Ordinal);
        Assert.Contains(created.ErrorLines, line => line.StartsWith("copying", StringComparison.Ordinal));
        Assert.DoesNotContain('\x1b', created.Output + created.Error);

        var listed = (await ToolProcess.RunAsync("list", "--from", _folder.Path)).EnsureComplete();
        Assert.Equal(2, listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("7,002", listed.Output, StringComparison.Ordinal);

        var shown = (await ToolProcess.RunAsync("show", "latest", "--from", _folder.Path)).EnsureComplete();
        Assert.Contains("public.Odd\uFFFDname", shown.Output, StringComparison.Ordinal);

        var verified = (await ToolProcess.RunAsync("verify", "latest", "--from", _folder.Path)).EnsureComplete();
        Assert.Contains("is intact", verified.Output, StringComparison.Ordinal);

        variables["BACKUP_DATABASE"] = target;
        var planned = (await ToolProcess.RunAsync(variables, "restore", "latest", "--from", _folder.Path, "--dry-run")).EnsureComplete();
        Assert.Contains("load sales.invoice: 5,000 rows", planned.Output, StringComparison.Ordinal);
        Assert.Contains("nothing was changed", planned.Output, StringComparison.Ordinal);

        var restored = (await ToolProcess.RunAsync(variables, "restore", "latest", "--from", _folder.Path)).EnsureComplete();
        Assert.Contains("3 tables with 7,002 rows", restored.Output, StringComparison.Ordinal);
        Assert.Equal(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target));
    }

    [Fact]
    public async Task Create_ChosenTables_HoldsThoseAlone()
    {
        var source = await ShopDatabase.CreateAsync(postgres);

        var created = await JsonAsync(
            "create", "--database", source, "--to", _folder.Path, "--include-schema", "public", "--exclude-table", "public.Odd*",
            "--codec", "none", "--memory", "32MiB", "--volume-size", "1MiB");

        var table = Assert.Single(created.GetProperty("tables").EnumerateArray());
        Assert.Equal("customer", table.GetProperty("name").GetString());
        Assert.Equal(32 * 1024 * 1024, created.GetProperty("resources").GetProperty("memoryBudgetBytes").GetInt64());
        Assert.Equal(
            ["openingSnapshot", "copying", "committing"],
            created.GetProperty("measures").GetProperty("phases").EnumerateArray().Select(phase => phase.GetProperty("phase").GetString()));
    }

    [Fact]
    public async Task Restore_InParts_TakesWhatIsAsked()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        var target = await postgres.CreateDatabaseAsync();
        await JsonAsync("create", "--database", source, "--to", _folder.Path);

        await RestoreAsync("--schema-only");
        await RestoreAsync("--data-only");
        Assert.Equal(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target));

        (await ToolProcess.RunAsync("restore", "latest", "--from", _folder.Path, "--database", target))
            .AssertFailed(3, "--clean");

        await RestoreAsync("--clean", "--include-table", "public.customer", "--include-table", "sales.*");
        Assert.Equal(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target));

        async Task RestoreAsync(params string[] options) => (await ToolProcess.RunAsync(
            ["restore", "latest", "--from", _folder.Path, "--database", target, .. options])).EnsureComplete();
    }

    private static async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var run = (await ToolProcess.RunAsync([.. arguments, "--json"])).EnsureComplete();
        Assert.Empty(run.Error);
        var document = run.Document;
        Assert.Equal(arguments[0], document.GetProperty("command").GetString());
        Assert.Equal(0, document.GetProperty("exitCode").GetInt32());
        return document;
    }
}
