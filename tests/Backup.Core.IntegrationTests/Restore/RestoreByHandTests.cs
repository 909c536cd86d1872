using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>Does what RESTORE.md says, line by line, with the tools it names and without this library.</summary>
[Collection(RestoreCollection.Name)]
public sealed class RestoreByHandTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("deflate", "unzip ")]
    [InlineData("deflate", "7z ")]
    [InlineData("zstd", "mkdir ")]
    public async Task Guide_Followed_BringsSchemaAndRowsBackIdentical(string codec, string unpackWith)
    {
        using var folder = new TemporaryFolder();
        var source = await postgres.CreateDatabaseAsync();
        await ApplicationSchema.CreateAsync(source);
        await ApplicationData.FillAsync(source, megabytes: 5);
        var result = await new BackupPipelineBuilder().UsePostgres(source).UseSink(new DirectorySink(folder.Path))
            .ConfigureOptions(options =>
            {
                options.Codec = codec;
                options.VolumeBytes = 1024 * 1024;
                options.PageBytes = 256 * 1024;
            }).Build().RunAsync(new BackupRequest());
        var backup = folder[result.Id.Value];
        Assert.True(Directory.GetFiles(backup, "volume-*.zip").Length > 1);
        var target = await postgres.CreateDatabaseAsync();

        await ShellAsync($"unzip -p volume-0001.zip RESTORE.md > guide.md || bsdtar -xOf volume-0001.zip RESTORE.md > guide.md", backup, target);
        var guide = await File.ReadAllLinesAsync(Path.Combine(backup, "guide.md"));
        await ShellAsync(guide.Single(line => line.StartsWith(unpackWith, StringComparison.Ordinal)), backup, target);
        var database = new NpgsqlConnectionStringBuilder(target).Database;
        var commands = guide.Where(line => line.StartsWith("psql ", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, commands.Count);
        foreach (var command in commands)
        {
            await ShellAsync(
                command.Replace("-d restored", $"-d {database}", StringComparison.Ordinal), Path.Combine(backup, "restored"), target);
        }

        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(source), await TableDigest.ReadAsync(target)));
        Assert.Equal(await PgDump.SchemaAsync(source), await PgDump.SchemaAsync(target));
    }

    private static async Task ShellAsync(string line, string folder, string connectionString)
    {
        var command = new ToolCommand("bash", "-c", line)
        {
            WorkingDirectory = folder,
            Variables = PgDump.ConnectionVariables(connectionString),
        };
        (await ExternalTool.RunAsync(command, CancellationToken.None)).EnsureSuccess();
    }
}
