using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Suspension;

/// <summary>Backups that are made in several parts of a real database and a real Storage.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class SuspendAndResumeTests(PostgresFixture postgres)
{
    private readonly InMemorySink _sink = new();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task RunAsync_SuspendedSeveralTimes_IsRestoredEqual(int seed, bool allowsMixed)
    {
        await using var project = await LongJob.CreateAsync(postgres);

        var result = await LongJob.RunToTheEndAsync(project, _sink, seed, allowsMixed);

        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.InRange(result.Part, 3, 60);
        Assert.Equal(result.Part, result.Manifest!.Parts!.Count);
        Assert.Equal(LongJob.Files, result.Totals.Objects);
        await LongJob.AssertSameAsync(postgres, _sink, result.Id, project);
    }

    [Fact]
    public async Task RunAsync_SchemaAndFilesChangedBetweenParts_IsOfTheLastPartWhereItWasNotKept()
    {
        await using var project = await LongJob.CreateAsync(postgres);
        var before = await LongJob.RowsAsync(project);
        var first = await LongJob.RunPartAsync(project, _sink, null, 4_200_000);
        Assert.Equal(BackupOutcome.Suspended, first.Outcome);
        var complete = first.Tables.Select(table => table.Table.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("t14", complete);
        Assert.Contains("t15", complete);

        await LongJob.ExecuteAsync(project.Database, """
            UPDATE job.t14 SET v = 'changed' WHERE id % 2 = 0;
            ALTER TABLE job.t14 ADD COLUMN more int DEFAULT 5;
            ALTER TABLE job.child DROP CONSTRAINT child_t15_fkey;
            DROP TABLE job.t15;
            CREATE TABLE job.added AS SELECT i FROM generate_series(1, 100) i;
            TRUNCATE job.t2;
            INSERT INTO job.t2 (id, v) VALUES (1, 'after');
            ALTER TYPE job.state RENAME VALUE 'new' TO 'fresh';
            """);
        var result = await LongJob.RunPartAsync(project, _sink, first.Id, long.MaxValue);

        // A renamed label changes the text of every row that has it: all those tables are read again.
        Assert.Equal(BackupOutcome.Complete, result.Outcome);
        Assert.Contains("database/data/job.t14/", result.Manifest!.Superseded!);
        Assert.Contains("database/data/job.t15/", result.Manifest.Superseded!);
        Assert.Contains(result.Manifest.Database!.Tables, table => table.Path == "database/data/job.t14~2/");
        var kept = Assert.Single(result.Manifest.Database.Tables, table => table.Name == "long");
        Assert.True(kept.Path == "database/data/job.long/" || !complete.Contains("long"));
        Assert.NotEqual(before.Keys, (await LongJob.RowsAsync(project)).Keys);
        await LongJob.AssertSameAsync(postgres, _sink, result.Id, project);
    }

    [Fact]
    public async Task RunAsync_RowsChangedBetweenParts_KeepsCompleteTablesAsTheyWere()
    {
        await using var project = await LongJob.CreateAsync(postgres);
        var before = await LongJob.RowsAsync(project);
        var first = await LongJob.RunPartAsync(project, _sink, null, 1_500_000);
        var complete = first.Tables.Where(table => table.Table.Schema == "job").Select(table => table.Table.ToString()).ToHashSet(StringComparer.Ordinal);
        Assert.Contains("job.t15", complete);

        await LongJob.ExecuteAsync(project.Database, string.Concat(
            Enumerable.Range(3, 13).Select(number => $"UPDATE job.t{number} SET v = 'later' WHERE id % 3 = 0;")));
        var after = await LongJob.RowsAsync(project);
        var result = await LongJob.RunPartAsync(project, _sink, first.Id, long.MaxValue);

        var expected = after.ToDictionary(table => table.Key, table => complete.Contains(table.Key) ? before[table.Key] : table.Value);
        await LongJob.AssertSameAsync(postgres, _sink, result.Id, project, expected);
    }

    [Fact]
    public async Task RunAsync_ResumedWithAnotherDatabase_IsRefused()
    {
        await using var project = await LongJob.CreateAsync(postgres);
        await using var other = await SupabaseProject.CreateAsync(postgres.Server);
        var first = await LongJob.RunPartAsync(project, _sink, null, 1_000_000);

        var exception = await Assert.ThrowsAsync<ResumeException>(() => LongJob.RunPartAsync(other, _sink, first.Id, long.MaxValue));

        Assert.Contains("the database", exception.Message, StringComparison.Ordinal);
        Assert.Equal(BackupOutcome.Complete, (await LongJob.RunPartAsync(project, _sink, first.Id, long.MaxValue)).Outcome);
    }

    [Fact]
    public async Task RunAsync_ResumedByTwoAtOnce_IsFinishedByOne()
    {
        await using var project = await LongJob.CreateAsync(postgres);
        var first = await LongJob.RunPartAsync(project, _sink, null, 1_000_000);

        var both = Enumerable.Range(0, 2).Select(_ => TryAsync(project, first.Id)).ToList();
        var outcomes = await Task.WhenAll(both);

        Assert.Contains(BackupOutcome.Complete, outcomes);
        await LongJob.AssertSameAsync(postgres, _sink, first.Id, project);
    }

    // Null when the other one had it, or had finished it.
    private async Task<BackupOutcome?> TryAsync(SupabaseProject project, BackupId run)
    {
        try
        {
            return (await LongJob.RunPartAsync(project, _sink, run, long.MaxValue)).Outcome;
        }
        catch (ResumeException)
        {
            return null;
        }
    }
}
