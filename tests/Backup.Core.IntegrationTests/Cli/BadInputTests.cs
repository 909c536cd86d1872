using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Cli;

[Collection(ToolCollection.Name)]
public sealed class BadInputTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_WrongHost_NamesIt() =>
        await AssertCreateFailsAsync("Host=no-such-host.invalid;Username=u;Password=hush-hush;Database=d", "no-such-host.invalid", "Check the host");

    [Fact]
    public async Task Create_WrongPort_NamesIt() =>
        await AssertCreateFailsAsync("postgres://u:hush-hush@127.0.0.1:1/d", "127.0.0.1:1", "nothing listens");

    [Fact]
    public async Task Create_WrongDatabase_NamesIt() =>
        await AssertCreateFailsAsync(postgres.Server.ConnectionString("no_such_database"), "no_such_database", "Check the database's name");

    [Fact]
    public async Task Create_WrongPassword_SaysSoWithoutIt()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Password = "right" });
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres")) { Password = "hush-hush" };

        await AssertCreateFailsAsync(connection.ConnectionString, "password authentication failed", "Check the user and the password");
    }

    [Fact]
    public async Task Create_NoRightOnATable_NamesTableAndGrant()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        var connection = new NpgsqlConnectionStringBuilder(source);
        var role = "reader_of_" + connection.Database;
        await postgres.Server.ExecuteAsync(
            connection.Database!,
            $"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA sales TO {role}; GRANT SELECT ON public.customer, public.\"Odd\nname\" TO {role};");
        connection.Username = role;

        await AssertCreateFailsAsync(connection.ConnectionString, "sales.invoice", "GRANT SELECT");
    }

    [Fact]
    public async Task Create_TargetIsAFile_SaysSo()
    {
        await File.WriteAllTextAsync(_folder["file"], "x");

        (await ToolProcess.RunAsync("create", "--database", await ShopDatabase.CreateAsync(postgres), "--to", _folder["file"]))
            .AssertFailed(3, _folder["file"], "is a file, not a folder");
    }

    [Fact]
    public async Task Create_TargetCannotBeWritten_NamesIt() =>
        (await ToolProcess.RunAsync("create", "--database", await ShopDatabase.CreateAsync(postgres), "--to", "/proc/backups"))
            .AssertFailed(3, "/proc/backups");

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    [InlineData("list")]
    [InlineData("restore")]
    public async Task ReadingCommand_NoSuchFolder_NamesIt(string command)
    {
        string[] backup = command == "list" ? [] : ["latest"];
        string[] database = command == "restore" ? ["--database", postgres.Server.ConnectionString("postgres")] : [];

        (await ToolProcess.RunAsync([command, .. backup, "--from", _folder["missing"], .. database]))
            .AssertFailed(3, _folder["missing"]);
    }

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    [InlineData("restore")]
    public async Task ReadingCommand_UnknownBackup_NamesItAndTheNearest(string command)
    {
        var id = await CreateAsync();
        string[] database = command == "restore" ? ["--database", await postgres.CreateDatabaseAsync()] : [];

        (await ToolProcess.RunAsync([command, "20200101T000000Z-0000", "--from", _folder.Path, .. database]))
            .AssertFailed(3, "20200101T000000Z-0000", id);
        (await ToolProcess.RunAsync([command, "yesterday", "--from", _folder.Path, .. database]))
            .AssertFailed(3, "yesterday", id);
    }

    [Fact]
    public async Task Show_NoBackupAtAll_SaysSo() =>
        (await ToolProcess.RunAsync("show", "latest", "--from", _folder.Path)).AssertFailed(3, _folder.Path);

    [Fact]
    public async Task Restore_DamagedVolume_NamesItAndVerifyFindsIt()
    {
        var id = await CreateAsync();
        var volume = _folder[$"{id}/volume-0001.zip"];
        var bytes = await File.ReadAllBytesAsync(volume);
        for (var position = bytes.Length / 4; position < bytes.Length / 2; position++)
        {
            bytes[position] ^= 0xFF;
        }

        await File.WriteAllBytesAsync(volume, bytes);

        var verified = await ToolProcess.RunAsync("verify", id, "--from", _folder.Path);
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("volume-0001.zip", verified.Output, StringComparison.Ordinal);
        Assert.Contains("is damaged", verified.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", verified.Error, StringComparison.Ordinal);

        var restored = await ToolProcess.RunAsync(
            "restore", id, "--from", _folder.Path, "--database", await postgres.CreateDatabaseAsync());
        Assert.True(restored.ExitCode is 1 or 3, $"exit code {restored.ExitCode}\n{restored.Error}");
        Assert.Contains(restored.ErrorLines, line => (line.StartsWith("error: ", StringComparison.Ordinal)
            || line.StartsWith("failed: ", StringComparison.Ordinal))
            && line.Contains("volume-0001.zip", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", restored.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_VolumeIsCut_SaysThatTheBackupIsDamaged()
    {
        var id = await CreateAsync();
        await using (var volume = File.OpenWrite(_folder[$"{id}/volume-0001.zip"]))
        {
            volume.SetLength(volume.Length - 1);
        }

        var listed = await ToolProcess.RunAsync("list", "--from", _folder.Path, "--json");

        Assert.Equal(1, listed.ExitCode);
        Assert.Contains(listed.ErrorLines, line => line.StartsWith($"failed: {id}: volume-0001.zip has ", StringComparison.Ordinal));
        var backup = listed.Document.GetProperty("backups")[0];
        var file = backup.GetProperty("damagedFiles")[0];
        Assert.Equal(("damaged", "volume-0001.zip"), (backup.GetProperty("state").GetString(), file.GetProperty("name").GetString()));
        Assert.Equal(file.GetProperty("expectedBytes").GetInt64() - 1, file.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task AnyCommand_TruncatedManifest_NamesIt()
    {
        var id = await CreateAsync();
        var manifest = _folder[$"{id}/manifest.json"];
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest))[..^200]);

        (await ToolProcess.RunAsync("show", "latest", "--from", _folder.Path)).AssertFailed(3, id);
        (await ToolProcess.RunAsync("restore", id, "--from", _folder.Path, "--database", await postgres.CreateDatabaseAsync()))
            .AssertFailed(3, id);

        var verified = await ToolProcess.RunAsync("verify", "latest", "--from", _folder.Path, "--json");
        Assert.Equal(1, verified.ExitCode);
        Assert.False(verified.Document.GetProperty("intact").GetBoolean());

        var listed = await ToolProcess.RunAsync("list", "--from", _folder.Path);
        Assert.Equal(1, listed.ExitCode);
        Assert.Contains("damaged", listed.Output, StringComparison.Ordinal);
        Assert.Contains(listed.ErrorLines, line => line.StartsWith($"failed: {id}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("show")]
    [InlineData("verify")]
    [InlineData("restore")]
    public async Task ReadingCommand_NewerFormat_NamesTheVersions(string command)
    {
        var id = await CreateAsync();
        var manifest = _folder[$"{id}/manifest.json"];
        var text = await File.ReadAllTextAsync(manifest);
        await File.WriteAllTextAsync(manifest, text.Replace("\"formatVersion\": \"1.", "\"formatVersion\": \"9.", StringComparison.Ordinal));
        string[] database = command == "restore" ? ["--database", await postgres.CreateDatabaseAsync()] : [];

        (await ToolProcess.RunAsync([command, id, "--from", _folder.Path, .. database])).AssertFailed(3, "version 9", id);
    }

    [Fact]
    public async Task Create_FailsWithJson_IsADocument()
    {
        var run = await ToolProcess.RunAsync(
            "create", "--database", "postgres://u:hush-hush@127.0.0.1:1/d", "--to", _folder.Path, "--json");

        run.AssertFailed(3, "127.0.0.1:1");
        var error = run.Document.GetProperty("error");
        Assert.Equal("failed", run.Document.GetProperty("status").GetString());
        Assert.Equal("database", error.GetProperty("kind").GetString());
        Assert.True(error.GetProperty("transient").GetBoolean());
        Assert.DoesNotContain("hush", run.Output, StringComparison.Ordinal);
    }

    private async Task AssertCreateFailsAsync(string database, params string[] expected)
    {
        var run = await ToolProcess.RunAsync("create", "--database", database, "--to", _folder.Path);

        run.AssertFailed(3, expected);
        Assert.DoesNotContain("hush", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    private async Task<string> CreateAsync()
    {
        var source = await ShopDatabase.CreateAsync(postgres);
        var run = await ToolProcess.RunAsync("create", "--database", source, "--to", _folder.Path, "--json");
        return run.EnsureComplete().Document.GetProperty("id").GetString()!;
    }
}
