using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.IntegrationTests.Storage;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Verification;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Sinks;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.IntegrationTests.Suspension;

/// <summary>A project that is backed up in several parts: tables of many sizes and shapes, and files.</summary>
internal static class LongJob
{
    public const int Files = 150;

    /// <summary>The time budget of each part, by a clock that only the test moves.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    // Sixteen ordinary tables from nothing to two megabytes, and what is read in another way.
    private const string Script = """
        CREATE SCHEMA job;
        CREATE TYPE job.state AS ENUM ('new', 'done');
        CREATE TYPE job.place AS (town text, code int);
        DO $$ BEGIN
            FOR n IN 0..15 LOOP
                EXECUTE format('CREATE TABLE job.t%s (id int PRIMARY KEY, state job.state, at job.place, twice int GENERATED ALWAYS AS (id * 2) STORED, v text)', n);
                EXECUTE format('INSERT INTO job.t%s (id, state, at, v) SELECT i, ''new'', (''x'', i)::job.place, md5(i::text) || md5((i + %s)::text) FROM generate_series(1, %s) i', n, n, n * n * 90);
            END LOOP;
        END $$;
        CREATE TABLE job.child (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, t1 int NOT NULL REFERENCES job.t1, t15 int REFERENCES job.t15);
        INSERT INTO job.child (t1, t15) SELECT i % 90 + 1, i FROM generate_series(1, 5000) i;
        CREATE TABLE job.long (id int, v text);
        ALTER TABLE job.long ALTER v SET STORAGE EXTERNAL;
        INSERT INTO job.long SELECT i, repeat(md5(i::text), 5000) FROM generate_series(1, 8) i;
        CREATE MATERIALIZED VIEW job.sums AS SELECT count(*) FROM job.child;
        """;

    /// <summary>Makes one.</summary>
    public static async Task<SupabaseProject> CreateAsync(PostgresFixture postgres)
    {
        var project = await SupabaseProject.CreateAsync(postgres.Server);
        await DocumentRegister.CreateAsync(project.Database, project.Storage, Files);
        await ExecuteAsync(project.Database, Script);
        return project;
    }

    public static async Task ExecuteAsync(string database, string script)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = connection.CreateCommand();
        command.CommandText = script;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs one part, whose deadline comes when so many bytes have been written.</summary>
    /// <param name="project">The project.</param>
    /// <param name="sink">Where to.</param>
    /// <param name="resume">The run to go on with.</param>
    /// <param name="bytes">How many bytes are written before the deadline.</param>
    /// <param name="isHard">Whether what is in flight is dropped at once.</param>
    /// <param name="allowsMixed">Whether rows of one table may be of several snapshots.</param>
    public static Task<BackupResult> RunPartAsync(
        SupabaseProject project, IBackupSink sink, BackupId? resume, long bytes, bool isHard = false, bool allowsMixed = false)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var isOver = false;
        var counting = new CountingSink(sink, written =>
        {
            if (written >= bytes && !isOver)
            {
                isOver = true;
                time.Advance(Budget * (isHard ? 0.95 : 0.86));
            }
        });
        return new BackupPipelineBuilder()
            .UsePostgres(project.Database).UseSupabaseStorage(project.StorageOptions).UseSink(counting).UseTimeProvider(time)
            .ConfigureOptions(options =>
            {
                options.Connections = 2;
                options.Transfers = 2;
                options.PageBytes = 256 * 1024;
                options.PageBlocks = 16;
                options.BlockBytes = 16 * 1024;
                options.MemoryBudgetBytes = 2 * 1024 * 1024;
                options.VolumeBytes = 1024 * 1024;
            })
            .Build().RunAsync(new BackupRequest { TimeBudget = Budget, Resume = resume, AllowMixedTables = allowsMixed });
    }

    /// <summary>Runs parts until the backup is complete.</summary>
    /// <returns>The last part's result.</returns>
    public static async Task<BackupResult> RunToTheEndAsync(SupabaseProject project, IBackupSink sink, int seed, bool allowsMixed = false)
    {
        const int MaxParts = 60;
        var random = new Random(seed);
        BackupId? run = null;
        for (var part = 0; part < MaxParts; part++)
        {
            try
            {
                // More from part to part, as some of it is for nothing.
                var bytes = random.Next(100_000, 600_000) + (part * 50_000);
                var result = await RunPartAsync(project, sink, run, bytes, isHard: random.Next(2) == 0, allowsMixed);
                run = result.Id;
                if (result.Outcome != BackupOutcome.Suspended)
                {
                    return result;
                }
            }
            catch (ResumeException exception) when (exception.Message.Contains("time budget", StringComparison.Ordinal))
            {
                // It came too early for anything to be kept; what was there stays.
            }
        }

        throw new InvalidOperationException($"Not complete after {MaxParts} parts.");
    }

    /// <summary>Asserts that a backup is intact, and that a restore of it into a new project gives the same rows and files.</summary>
    public static async Task AssertSameAsync(
        PostgresFixture postgres, IBackupSink sink, BackupId backup, SupabaseProject source, IReadOnlyDictionary<string, string>? expectedRows = null)
    {
        Assert.Empty((await new BackupVerifier(sink).VerifyAsync(backup)).Findings);
        await using var target = await SupabaseProject.CreateAsync(postgres.Server);
        var restored = await new RestorePipelineBuilder()
            .UseSink(sink).UsePostgres(target.Database).UseSupabaseStorage(target.StorageOptions)
            .Build().RunAsync(new RestoreRequest { Backup = backup });
        Assert.Empty(restored.Failures);
        Assert.Empty(TableDigest.Differences(expectedRows ?? await RowsAsync(source), await RowsAsync(target)));
        StoredTruth.AssertServer(target.Storage, StoredTruth.Of(source.Storage));
    }

    /// <summary>Digests of all tables but those of Storage itself, which its server writes.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> RowsAsync(SupabaseProject project) =>
        (await TableDigest.ReadAsync(project.Database))
            .Where(table => !table.Key.StartsWith("storage.", StringComparison.Ordinal))
            .ToDictionary(table => table.Key, table => table.Value);
}
