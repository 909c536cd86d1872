using Backup.Core.Errors;
using Backup.Core.IntegrationTests.Schema;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Versions;

/// <summary>Restores of one major version into another, and into itself.</summary>
public sealed class OtherVersionTests(MajorServers servers) : IClassFixture<MajorServers>
{
    private const int Oldest = 14;
    private const int Newest = 18;

    // What each version brought that the ones before it cannot make, and what some version took away; without what follows from these.
    private static readonly (int Since, int Before, string[] Objects)[] Features =
    [
        (15, 99,
        [
            "ACL majors.plain", "CONSTRAINT majors.at_most_one_null.at_most_one", "FK CONSTRAINT majors.mentees.mentor_of_tenant",
            "FUNCTION majors.merged()", "INDEX majors.plain.plain_size", "PUBLICATION TABLE majors.mentors.majors_chosen mentors",
            "PUBLICATION TABLE majors.plain.majors_chosen plain", "PUBLICATION TABLES IN SCHEMA majors.majors_schema majors",
            "TABLE majors.rounded", "VIEW majors.as_caller", "VIEW majors.matches",
        ]),
        (16, 99,
        [
            "FUNCTION majors.steady()", "TABLE majors.measured_well", "TABLE majors.sorted", "VIEW majors.any_note", "VIEW majors.as_json",
        ]),
        (17, 99,
        [
            "ACL majors.plain", "COLLATION majors.builtin", "COMMENT majors.positive given",
            "CONSTRAINT majors.slots.slots_room_during_excl", "DEFAULT ACL majors.DEFAULT PRIVILEGES FOR TABLES OF postgres",
            "EVENT TRIGGER majors_on_login", "VIEW majors.binary", "VIEW majors.fields",
        ]),
        (18, 99,
        [
            "CHECK CONSTRAINT majors.temperatures.place_short", "COLLATION majors.fast", "COMMENT majors.temperatures.place_known",
            "CONSTRAINT majors.bookings.bookings_pkey", "CONSTRAINT majors.checked_later.later", "CONSTRAINT majors.own_not_null.only_here",
            "DEFAULT ACL DEFAULT PRIVILEGES FOR LARGE OBJECTS OF postgres", "FK CONSTRAINT majors.temperatures.on_a_scale",
            "PUBLICATION majors_generated", "VIEW majors.folded",
        ]),
        (0, 17, ["SEQUENCE majors.parted_1.parted_1_id_seq"]),
    ];

    /// <summary>The pairs of versions: from the oldest to the newest and back, or all of them.</summary>
    public static TheoryData<int, int> Pairs()
    {
        var pairs = new TheoryData<int, int> { { Oldest, Newest }, { Newest, Oldest } };
        if (Environment.GetEnvironmentVariable(MajorsDatabase.Variable) != "all")
        {
            return pairs;
        }

        foreach (var source in Enumerable.Range(Oldest, Newest - Oldest + 1))
        {
            foreach (var target in Enumerable.Range(Oldest, Newest - Oldest + 1).Where(target => (source, target) is not ((Oldest, Newest) or (Newest, Oldest))))
            {
                pairs.Add(source, target);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Restore_OfTheSampleApplication_GivesTheSameData(int source, int target)
    {
        var (database, sink, backup) = await BackUpAsync(source, ApplicationSchema.CreateAsync);
        var restoredInto = await CreateTargetAsync(target);

        var restored = await RestoreAsync(
            sink, restoredInto, new RestoreRequest { Backup = backup.Id, AllowUnsupported = true, WithRoles = true });

        // A question that some version does not understand would only cost time, and so go unnoticed.
        Assert.NotNull(backup.Manifest!.Database!.SchemaFingerprint);
        Assert.Equal(BackupOutcome.Complete, backup.Outcome);
        Assert.Empty(restored.Failures);
        Assert.DoesNotContain(restored.Plan.Unsupported, item => item.Kind == "TABLE" || source <= target);
        Assert.Empty(TableDigest.Differences(await TableDigest.ReadAsync(database), await TableDigest.ReadAsync(restoredInto)));
        await AssertSameObjectsAsync(database, restoredInto, restored);

        // Version 14 gives everybody what no later one does, and no catalog of these says so.
        Assert.Equal(await MayAllCreateInPublicAsync(database), await MayAllCreateInPublicAsync(restoredInto));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Restore_OfWhatEachVersionBrought_MakesAllThatTheTargetKnows(int source, int target)
    {
        var (database, sink, backup) = await BackUpAsync(source, MajorsDatabase.CreateAsync);
        var restoredInto = await CreateTargetAsync(target);
        var expected = Features
            .Where(group => source >= group.Since && source < group.Before && (target < group.Since || target >= group.Before))
            .SelectMany(group => group.Objects)
            .Order(StringComparer.Ordinal);

        if (expected.Any())
        {
            var refused = await Assert.ThrowsAsync<RestoreException>(
                () => RestoreAsync(sink, restoredInto, new RestoreRequest { Backup = backup.Id }));
            Assert.Contains(expected, name => refused.Message.Contains(name, StringComparison.Ordinal));
            Assert.Empty(await TableDigest.ReadAsync(restoredInto));
        }

        var restored = await RestoreAsync(sink, restoredInto, new RestoreRequest { Backup = backup.Id, AllowUnsupported = true });

        Assert.Empty(restored.Failures);
        Assert.Equal(
            expected,
            restored.Plan.Unsupported
                .Where(item => !item.Reason.StartsWith("It needs ", StringComparison.Ordinal) && !IsDefaultPrivilege(item))
                .Select(item => $"{item.Kind} {item.Name}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(expected.Any() ? RestoreOutcome.CompletedWithFailures : RestoreOutcome.Complete, restored.Outcome);
        await AssertSameRowsAsync(database, restoredInto, restored);
        await AssertSameObjectsAsync(database, restoredInto, restored);
    }

    [Fact]
    public async Task Restore_OfLargeObjectsIntoADatabaseThatGivesOthersRightsOnNewOnes_GivesThemNone()
    {
        var (_, sink, backup) = await BackUpAsync(
            Oldest, async (database, _) => await AskAsync<uint>(database, "SELECT lo_from_bytea(0, 'secret')"));
        var target = await CreateTargetAsync(Newest);
        await AskAsync<object>(
            target, $"ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO {MajorsDatabase.Role}; SELECT NULL::text");

        var restored = await RestoreAsync(sink, target, new RestoreRequest { Backup = backup.Id });

        Assert.Equal(RestoreOutcome.Complete, restored.Outcome);
        Assert.True(await AskAsync<bool>(target, "SELECT lomacl IS NULL FROM pg_largeobject_metadata"));
        Assert.Equal(1, await AskAsync<long>(target, "SELECT count(*) FROM pg_default_acl WHERE defaclobjtype = 'L'"));
    }

    private static Task<bool> MayAllCreateInPublicAsync(string database) =>
        AskAsync<bool>(database, "SELECT has_schema_privilege('public', 'public', 'CREATE')");

    private static async Task<T> AskAsync<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    // The default privileges of the fixture give MAINTAIN on every table that is made after them.
    private static bool IsDefaultPrivilege(LeftOutObject item) =>
        item.Kind == "ACL" && item.Name != "majors.plain" && item.Reason.Contains("MAINTAIN", StringComparison.Ordinal);

    private static async Task AssertSameRowsAsync(string source, string target, RestoreResult restored)
    {
        var lost = restored.Plan.Unsupported.Where(item => item.Kind is "TABLE" or "SEQUENCE").Select(item => item.Name).ToHashSet();
        var expected = (await TableDigest.ReadAsync(source))
            .Where(item => !lost.Any(name => name == item.Key || name.EndsWith(item.Key[item.Key.IndexOf('.', StringComparison.Ordinal)..], StringComparison.Ordinal)))
            .ToDictionary();

        Assert.Empty(TableDigest.Differences(expected, await TableDigest.ReadAsync(target)));
    }

    // Texts differ where the servers word the same definition in their own ways.
    private static async Task AssertSameObjectsAsync(string source, string target, RestoreResult restored)
    {
        var lost = restored.Plan.Unsupported.Select(item => $"{item.Kind} {item.Name}").ToHashSet();
        var expected = (await NamesAsync(source)).Where(name => !lost.Contains(name));

        Assert.Empty(expected.Except(await NamesAsync(target)));
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(string database) =>
    [
        .. (await SchemaRoundTrip.ReadAsync(database, TableSelection.Everything)).Entries
            .Where(entry => entry.Section != TocSection.Data)
            .Select(RestoreNames.WithKind),
    ];

    private async Task<(string Database, InMemorySink Sink, BackupResult Backup)> BackUpAsync(
        int major, Func<string, CancellationToken, Task> create)
    {
        var server = await servers.OfAsync(major);
        var database = server.ConnectionString(await server.CreateDatabaseAsync());
        await create(database, CancellationToken.None);
        var sink = new InMemorySink();
        var backup = await new BackupPipelineBuilder().UsePostgres(database).UseSink(sink).Build().RunAsync(new BackupRequest { WithRoles = true });
        return (database, sink, backup);
    }

    private async Task<string> CreateTargetAsync(int major)
    {
        var server = await servers.OfAsync(major);
        return server.ConnectionString(await server.CreateDatabaseAsync());
    }

    private static Task<RestoreResult> RestoreAsync(IBackupSink sink, string target, RestoreRequest request) =>
        new RestorePipelineBuilder().UsePostgres(target).UseSink(sink).Build().RunAsync(request);
}
