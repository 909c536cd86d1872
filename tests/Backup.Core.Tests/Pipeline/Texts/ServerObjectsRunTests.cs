using Backup.Core.Archives;
using Backup.Core.Merging;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Tests.Postgres.Server;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Pipeline.Texts;

/// <summary>What a backup holds of the server that its database is on.</summary>
public sealed class ServerObjectsRunTests
{
    private static readonly string[] OfDatabase = [EntryPaths.Settings, EntryPaths.SettingsScript];
    private static readonly string[] OfServer = [EntryPaths.Roles, EntryPaths.RolesScript];

    private readonly IncrementalScene _scene = new() { Source = SourceOf("before") };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_WithRoles_HoldsTheFilesOfServerAndDatabase(bool isResumable)
    {
        var result = await _scene.RunAsync(request => request with { WithRoles = true, Resumable = isResumable });

        Assert.Equal(1, result.Manifest!.Database!.Roles);
        foreach (var path in OfDatabase.Concat(OfServer))
        {
            Assert.NotNull(await FindAsync(result.Id, path));
        }

        Assert.Contains("CREATE ROLE app", await ReadAsync(result.Id, EntryPaths.RolesScript), StringComparison.Ordinal);
        Assert.Empty((await new BackupVerifier(_scene.Sink).VerifyAsync(result.Id)).Findings);
    }

    [Fact]
    public async Task RunAsync_WithoutRoles_HoldsTheFilesOfTheDatabaseOnly()
    {
        var result = await _scene.FullAsync();

        Assert.Null(result.Manifest!.Database!.Roles);
        Assert.NotNull(await FindAsync(result.Id, EntryPaths.Settings));
        Assert.Null(await FindAsync(result.Id, EntryPaths.Roles));
    }

    [Fact]
    public async Task RunAsync_IncrementalOfTheSameSchema_HoldsThemAsTheyAreNow()
    {
        await _scene.RunAsync(request => request with { WithRoles = true });
        _scene.Source = SourceOf("after");

        var second = await _scene.RunAsync(request => request with { WithRoles = true, Incremental = true });
        var merged = await new BackupMerger(_scene.Sink, _scene.Time).MergeAsync(second.Id);

        foreach (var id in new[] { second.Id, merged.Backup })
        {
            Assert.Null((await FindAsync(id, EntryPaths.Settings))!.Backup);
            Assert.Contains("'after'", await ReadAsync(id, EntryPaths.SettingsScript), StringComparison.Ordinal);
            Assert.Contains("CREATE ROLE app", await ReadAsync(id, EntryPaths.RolesScript), StringComparison.Ordinal);
            Assert.Equal(1, (await ArchiveReader.OpenAsync(_scene.Sink, id, CancellationToken.None)).Manifest.Database!.Roles);
        }
    }

    private static InMemoryRowSource SourceOf(string comment) => new(new InMemoryTable("t", InMemoryTable.Rows(30, 100)))
    {
        Schema = new DatabaseSchema([]) { Fingerprint = "same" },
        Server = new ServerObjects(
            15,
            ServerFilesTests.Settings with { Comment = comment },
            new RoleList { Version = RoleList.CurrentVersion, Roles = [new RoleDefinition { Name = "app" }], Memberships = [] }),
    };

    private async Task<IndexEntry?> FindAsync(BackupId id, string path) =>
        await (await ArchiveReader.OpenAsync(_scene.Sink, id, CancellationToken.None)).FindAsync(path, CancellationToken.None);

    private async Task<string> ReadAsync(BackupId id, string path)
    {
        var reader = await ArchiveReader.OpenAsync(_scene.Sink, id, CancellationToken.None);
        await using var stream = await reader.OpenEntryAsync((await FindAsync(id, path))!, CancellationToken.None);
        using var text = new StreamReader(stream);
        return await text.ReadToEndAsync();
    }
}
