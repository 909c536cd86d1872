using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

[Collection(RestoreCollection.Name)]
public sealed class RolesAndSettingsTests(PostgresFixture postgres)
{
    private static readonly BackupRequest WithRoles = new() { WithRoles = true };
    private static readonly RestoreRequest WithBoth = new() { WithRoles = true, WithDatabaseSettings = true };

    [Fact]
    public async Task RunAsync_RolesAndSettings_AreThoseOfTheSource()
    {
        await using var scene = await ServerScene.CreateAsync(postgres.Server);
        var backup = await scene.BackUpAsync(WithRoles);
        var (roles, dump) = (await PgDump.RolesAsync(scene.Source), await scene.DumpAsync(scene.Source));
        await scene.RemoveAsync();
        var target = await scene.CreateDatabaseAsync();

        var bare = await scene.RestoreAsync(target, new RestoreRequest { DryRun = true });
        var planned = await scene.RestoreAsync(target, WithBoth with { DryRun = true });
        var restored = await scene.RestoreAsync(target, WithBoth);

        Assert.Contains("restore its roles too", bare.Plan.Obstacles.Single(), StringComparison.Ordinal);
        Assert.Empty(planned.Plan.Obstacles);
        Assert.Equal(ServerScene.Roles, planned.Plan.Roles);
        Assert.Contains("DATABASE SETTING app.settings.key", planned.Plan.DatabaseSettings);
        Assert.Equal((RestoreOutcome.Complete, ServerScene.Roles.Length), (restored.Outcome, restored.Roles.Count));
        Assert.Contains(ServerScene.Roles[0], restored.Notices.Single(), StringComparison.Ordinal);
        Assert.Equal(roles, await PgDump.RolesAsync(target));
        Assert.Equal(dump, await scene.DumpAsync(target));
        Assert.NotNull(backup.Manifest!.Database!.Roles);
    }

    [Fact]
    public async Task Scripts_RunTwiceWithPsql_GiveTheSame()
    {
        await using var scene = await ServerScene.CreateAsync(postgres.Server);
        var backup = await scene.BackUpAsync(WithRoles);
        var (roles, dump) = (await PgDump.RolesAsync(scene.Source), await scene.DumpAsync(scene.Source, "--schema-only"));
        await scene.RemoveAsync();
        var target = await scene.CreateDatabaseAsync();

        foreach (var path in new[]
                 {
                     EntryPaths.RolesScript, EntryPaths.RolesScript, EntryPaths.PreData, EntryPaths.PostData, EntryPaths.SettingsScript,
                     EntryPaths.SettingsScript,
                 })
        {
            await scene.RunScriptAsync(backup.Id, path, target);
        }

        Assert.Equal(roles, await PgDump.RolesAsync(target));
        Assert.Equal(dump, await scene.DumpAsync(target, "--schema-only"));
    }

    [Fact]
    public async Task RunAsync_RolesThatExist_AreLeftAsTheyAre()
    {
        await using var scene = await ServerScene.CreateAsync(postgres.Server);
        await scene.BackUpAsync(WithRoles with { Resumable = true });
        await scene.RemoveAsync();
        await postgres.Server.ExecuteAsync(
            "postgres",
            """
            CREATE ROLE server_scene_member CONNECTION LIMIT 2;
            COMMENT ON ROLE server_scene_member IS 'there before';
            """);
        var target = await scene.CreateDatabaseAsync();

        var restored = await scene.RestoreAsync(target, WithBoth);

        var lines = (await PgDump.RolesAsync(target)).Split('\n').Where(line => line.Contains("server_scene_member", StringComparison.Ordinal));
        Assert.Equal(RestoreOutcome.Complete, restored.Outcome);
        Assert.DoesNotContain("server_scene_member", restored.Roles);
        Assert.Equal(
            [
                "CREATE ROLE server_scene_member;",
                "ALTER ROLE server_scene_member WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 2;",
                "COMMENT ON ROLE server_scene_member IS 'there before';",
                "GRANT pg_monitor TO server_scene_member GRANTED BY postgres;",
                "GRANT server_scene_group TO server_scene_member GRANTED BY server_scene_boss;",
                "GRANT SET ON PARAMETER log_statement TO server_scene_member WITH GRANT OPTION;",
            ],
            lines);
    }

    [Fact]
    public async Task RunAsync_RolesThatNobodyBackedUp_AreRefused()
    {
        await using var scene = await ServerScene.CreateAsync(postgres.Server);
        var backup = await scene.BackUpAsync(new BackupRequest());
        var target = await scene.CreateDatabaseAsync();

        var exception = await Assert.ThrowsAsync<RestoreException>(() => scene.RestoreAsync(target, WithBoth));
        var restored = await scene.RestoreAsync(target, new RestoreRequest { WithDatabaseSettings = true });

        Assert.Null(backup.Manifest!.Database!.Roles);
        Assert.Contains("holds no roles", exception.Message, StringComparison.Ordinal);
        Assert.Equal(RestoreOutcome.Complete, restored.Outcome);
    }

    [Fact]
    public async Task RunAsync_AsARoleWithoutSuperuser_SaysWhatItMayNotGive()
    {
        await using var scene = await ServerScene.CreateAsync(postgres.Server);

        // What is set of the database must not keep the restore from leaving the roles again that it has joined.
        await postgres.Server.ExecuteAsync("postgres", $"ALTER DATABASE {scene.SourceName} SET default_transaction_read_only = on");
        await scene.BackUpAsync(WithRoles);
        var schema = await PgDump.SchemaAsync(scene.Source);
        await scene.RemoveAsync();
        var target = await scene.CreateDatabaseAsync();
        var name = new NpgsqlConnectionStringBuilder(target).Database;
        await postgres.Server.ExecuteAsync(
            "postgres", $"CREATE ROLE server_scene_clerk LOGIN CREATEROLE CREATEDB; ALTER DATABASE {name} OWNER TO server_scene_clerk;");
        try
        {
            var restored = await scene.RestoreAsync(
                new NpgsqlConnectionStringBuilder(target) { Username = "server_scene_clerk" }.ConnectionString, WithBoth);

            Assert.Equal(ServerScene.Roles, restored.Roles);
            Assert.Equal(
                [
                    $"DATABASE PRIVILEGES {name}, granted by server_scene_member", "DATABASE SETTING app.settings.key",
                    "PARAMETER PRIVILEGE log_statement for server_scene_member", "PARAMETER PRIVILEGE scene.custom for server_scene_group",
                    "ROLE ATTRIBUTE BYPASSRLS of server_scene_boss", "ROLE ATTRIBUTE REPLICATION of server_scene_boss",
                    "ROLE ATTRIBUTE SUPERUSER of server_scene_boss", "ROLE SETTING scene.custom of server_scene_member",
                ],
                restored.Failures.Select(failure => $"{failure.Kind} {failure.Subject}").Order(StringComparer.Ordinal));
            Assert.All(restored.Failures, failure => Assert.Equal("42501", failure.SqlState));
            Assert.Equal(await PgDump.SchemaAsync(target), schema);
            Assert.DoesNotContain("TO server_scene_clerk", await PgDump.RolesAsync(target), StringComparison.Ordinal);
        }
        finally
        {
            await scene.RemoveAsync();
            await postgres.Server.ExecuteAsync("postgres", "DROP ROLE server_scene_clerk");
        }
    }

    [Fact]
    public async Task RunAsync_IncrementalOfTheSameSchema_HoldsTheSettingsOfItsOwnTime()
    {
        await using var scene = await ServerScene.CreateAsync(postgres.Server);
        await scene.BackUpAsync(new BackupRequest());
        await postgres.Server.ExecuteAsync("postgres", $"ALTER DATABASE {scene.SourceName} SET work_mem = '7MB'");

        var second = await scene.BackUpAsync(new BackupRequest { Incremental = true });

        Assert.NotNull(second.Parent);
        var target = await scene.CreateDatabaseAsync();
        await scene.RestoreAsync(target, new RestoreRequest { Backup = second.Id, WithDatabaseSettings = true });
        Assert.Equal(await scene.DumpAsync(scene.Source), await scene.DumpAsync(target));
    }

    [Fact]
    public async Task RunAsync_SettingThatTheTargetDoesNotTake_FailsWithoutItsValue()
    {
        await using var scene = await ServerScene.CreateAsync(postgres.Server);

        // As a setting of a newer server is: the name is there, the value is none here.
        await postgres.Server.ExecuteAsync(
            "postgres",
            $$"""
            UPDATE pg_catalog.pg_db_role_setting SET setconfig = setconfig || '{DateStyle=hushed}'::text[]
            WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = '{{scene.SourceName}}')
            """);
        await scene.BackUpAsync(new BackupRequest());
        var target = await scene.CreateDatabaseAsync();

        var restored = await scene.RestoreAsync(target, new RestoreRequest { WithDatabaseSettings = true });

        var failure = Assert.Single(restored.Failures);
        Assert.Equal(("DATABASE SETTING", "DateStyle", (string?)null), (failure.Kind, failure.Subject, failure.Statement));
        Assert.DoesNotContain("hushed", failure.Reason, StringComparison.Ordinal);
    }
}
