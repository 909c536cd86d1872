namespace Backup.Core.IntegrationTests.Cli;

public sealed class UsageTests
{
    private const string Database = "Host=127.0.0.1;Port=1;Username=u;Password=hush-hush;Database=d";

    [Fact]
    public async Task Help_WithoutACommand_NamesTheCommands() => Assert.Equal(
        ["clean", "create", "diagnose", "list", "merge", "prune", "restore", "show", "verify"],
        CommandsOf((await ToolProcess.RunAsync("--help")).EnsureComplete().Output).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(
        "create",
        "--database --to --codec --level --profile --jobs --memory --volume-size --max-failures --max-failed-tables --with-roles --allow-unsupported --include-schema "
        + "--exclude-schema --include-table --exclude-table --preset --storage --storage-key --buckets --prefix --transfers --time-budget --resume "
        + "--resumable --allow-mixed-tables --incremental --parent --max-chain --trust-statistics --preview --workers --json")]
    [InlineData("list", "--from --json")]
    [InlineData("show", "--from --json")]
    [InlineData("verify", "--from --full --json")]
    [InlineData(
        "prune",
        "--from --keep-last --keep-daily --keep-weekly --keep-monthly --keep-yearly --keep-within --min-age --time-zone --dry-run --json")]
    [InlineData("merge", "--from --volume-size --json")]
    [InlineData(
        "restore",
        "--from --database --jobs --clean --dry-run --schema-only --data-only --skip-owners-and-privileges --with-roles --with-database-settings --allow-unsupported --include-table --preset --on-conflict "
        + "--storage --storage-key --buckets --prefix --transfers --json")]
    [InlineData(
        "diagnose",
        "--database --storage --storage-key --buckets --prefix --transfers --to --include-schema --exclude-schema --include-table "
        + "--exclude-table --preset --profile --json")]
    [InlineData("clean", "--from --all --dry-run --json")]
    public async Task Help_EachCommand_NamesItsOptionsAndNoOthers(string command, string options)
    {
        var help = (await ToolProcess.RunAsync(command, "--help")).EnsureComplete().Output;

        Assert.Equal(options.Split(' ').Append("--help").Order(StringComparer.Ordinal), OptionsOf(help).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Version_Always_IsANumber() =>
        Assert.Matches(@"^\d+\.\d+\.\d+", (await ToolProcess.RunAsync("--version")).EnsureComplete().Output);

    [Theory]
    [InlineData("", "--help")]
    [InlineData("destroy", "destroy")]
    [InlineData("create", "--to")]
    [InlineData("create --to /tmp/x --colour red", "--colour")]
    [InlineData("create --to /tmp/x --codec gzip", "gzip")]
    [InlineData("create --to /tmp/x --memory lots", "--memory")]
    [InlineData("create --to /tmp/x --volume-size 0", "--volume-size")]
    [InlineData("create --to /tmp/x --jobs many", "--jobs")]
    [InlineData("create --to /tmp/x", "BACKUP_DATABASE")]
    [InlineData("create --to /tmp/x --database nonsense", "connection string")]
    [InlineData("create --to /tmp/x --include-table justone --database DATABASE", "justone")]
    [InlineData("create --to /tmp/x --level 99 --database DATABASE", "--level")]
    [InlineData("create --to /tmp/x --codec none --level 3 --database DATABASE", "--level")]
    [InlineData("create --to /tmp/x --jobs 0 --database DATABASE", "--jobs")]
    [InlineData("create --to /tmp/x --memory 1B --database DATABASE", "--memory")]
    [InlineData("create --to s3://bucket/x --database DATABASE", "s3://")]
    [InlineData("create --to /tmp/x --parent latest --database DATABASE", "--incremental")]
    [InlineData("create --to /tmp/x --preview --database DATABASE", "--incremental")]
    [InlineData("create --to /tmp/x --incremental --parent yesterday --database DATABASE", "'yesterday'")]
    [InlineData("create --to /tmp/x --incremental --max-chain 101 --database DATABASE", "--max-chain")]
    [InlineData("create --to /tmp/x --incremental --preview --resumable --database DATABASE", "--preview")]
    [InlineData("list", "--from")]
    [InlineData("merge latest --from /tmp --volume-size 1000", "--volume-size")]
    [InlineData("show --from /tmp", "ID")]
    [InlineData("prune --from /tmp", "--keep-last")]
    [InlineData("prune --from /tmp --min-age 1h", "--keep-within")]
    [InlineData("prune --from /tmp --keep-last 0", "--keep-last")]
    [InlineData("prune --from /tmp --keep-daily all", "'all'")]
    [InlineData("prune --from /tmp --keep-within 30", "--keep-within")]
    [InlineData("prune --from /tmp --keep-last 1 --time-zone Mars/Olympus", "Mars/Olympus")]
    [InlineData("restore latest --from /tmp --schema-only --data-only", "--data-only")]
    [InlineData("restore latest --from /tmp --data-only --with-roles", "--with-roles")]
    [InlineData("restore latest --from /tmp --storage /tmp/y --with-database-settings", "--with-database-settings")]
    [InlineData("create --to /tmp/x --storage /tmp --with-roles", "--with-roles")]
    [InlineData("create --to /tmp/x --max-failures 3 --database DATABASE", "--storage")]
    [InlineData("create --to /tmp/x --max-failed-tables half --database DATABASE", "--max-failed-tables")]
    [InlineData("create --to /tmp/x --max-failed-tables 101% --database DATABASE", "101%")]
    [InlineData("create --to /tmp/x --max-failed-tables 1 --storage https://127.0.0.1 --storage-key k", "--max-failed-tables")]
    [InlineData("create --to /tmp/x --storage /tmp --include-table a.b", "--include-table")]
    [InlineData("create --to /tmp/x --storage /tmp --incremental --trust-statistics", "--trust-statistics")]
    [InlineData("create --to /tmp/x --storage /tmp --trust-statistics", "--trust-statistics")]
    [InlineData("create --to /tmp/x --storage /no/such/folder", "'/no/such/folder'")]
    [InlineData("create --to /tmp/x --storage ref.supabase.co", "https://ref.supabase.co")]
    [InlineData("restore latest --from /tmp --storage ref.supabase.co/storage/v1", "https://ref.supabase.co/storage/v1")]
    [InlineData("restore latest --from /tmp --storage localhost:5000", "https://localhost:5000")]
    [InlineData("restore latest --from /tmp --storage /tmp --storage-key k", "--storage-key")]
    [InlineData("restore latest --from /tmp --storage /tmp/y --include-table a.b", "--include-table")]
    [InlineData("restore latest --from /tmp --storage /tmp/y --clean", "--clean")]
    [InlineData("restore latest --from /tmp --storage /tmp/y --data-only", "--data-only")]
    [InlineData("diagnose --to s3://bucket/x", "s3://")]
    [InlineData("diagnose --database nonsense", "connection string")]
    [InlineData("diagnose --storage https://ref.supabase.co", "BACKUP_STORAGE_KEY")]
    [InlineData("diagnose --include-table a.b", "--include-table")]
    [InlineData("diagnose --to /tmp/x --transfers 0 --storage /tmp", "--transfers")]
    public async Task AnyCommand_LineThatIsNotValid_IsOneLineAndExitCodeTwo(string line, string expected)
    {
        var arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(argument => argument == "DATABASE" ? Database : argument);

        var run = await ToolProcess.RunAsync([.. arguments]);

        run.AssertFailed(2, expected);
        Assert.Single(run.ErrorLines);
        Assert.Empty(run.Output);
        Assert.DoesNotContain("hush", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://user:hush-hush@host/db")]
    [InlineData("Host=x;Password=hush-hush;Database=d")]
    [InlineData("Host=x;Pwd='hush-hush';Database=d")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.hush-hush.c2ln")]
    [InlineData("sb_secret_hush-hush")]
    public async Task AnyCommand_SecretInTheWrongPlace_IsNotRepeated(string secret)
    {
        foreach (var arguments in new string[][]
                 {
                     ["create", secret], ["create", "--to", secret], ["list", "--from", secret],
                     ["create", "--to", "/tmp/x", "--database", secret, "--colour", secret], [secret],
                     ["create", "--to", "/tmp/x", "--storage", secret, "--json"],
                 })
        {
            var run = await ToolProcess.RunAsync(arguments);

            Assert.NotEqual(0, run.ExitCode);
            Assert.DoesNotContain("hush", run.Output + run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnyCommand_NotValidWithJson_IsADocument()
    {
        var run = await ToolProcess.RunAsync("create", "--json");

        run.AssertFailed(2, "--to");
        Assert.Equal("usage", run.Document.GetProperty("status").GetString());
        Assert.Equal(2, run.Document.GetProperty("exitCode").GetInt32());
        Assert.Contains("--to", run.Document.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> CommandsOf(string help) => help.Split('\n')
        .SkipWhile(line => !line.StartsWith("Commands:", StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal))
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]);

    // Each has a line of its own, with its short names before the long one.
    private static IEnumerable<string> OptionsOf(string help) => help.Split('\n')
        .Where(line => line.StartsWith("  -", StringComparison.Ordinal))
        .Select(line => line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
            .First(word => word.StartsWith("--", StringComparison.Ordinal)));
}
