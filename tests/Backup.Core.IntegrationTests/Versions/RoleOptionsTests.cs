using Backup.Core.IntegrationTests.Restore;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Versions;

/// <summary>Memberships have options of their own, and grantors that must have the right, from PostgreSQL 16 on.</summary>
[Collection(RestoreCollection.Name)]
public sealed class RoleOptionsTests(PostgresFixture postgres)
{
    private const string Memberships =
        """
        SELECT concat_ws(' ', r.rolname, m.rolname, g.rolname, a.admin_option, a.inherit_option, a.set_option)
        FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member JOIN pg_roles g ON g.oid = a.grantor
        WHERE m.rolname !~ '^pg_' ORDER BY 1
        """;

    private const string Definitions =
        """
        CREATE ROLE server_scene_clerk CREATEROLE;
        GRANT server_scene_group TO server_scene_clerk WITH ADMIN OPTION, INHERIT FALSE, SET FALSE;
        REVOKE server_scene_group FROM server_scene_member GRANTED BY server_scene_boss;
        GRANT server_scene_group TO server_scene_member WITH INHERIT FALSE GRANTED BY server_scene_clerk;
        """;

    [Fact]
    public async Task RunAsync_RolesOfPostgreSql18_KeepTheirOptionsWhereTheTargetHasThem()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Major = 18 });
        await using var scene = await ServerScene.CreateAsync(server);
        await server.ExecuteAsync("postgres", Definitions);
        await scene.BackUpAsync(new BackupRequest { WithRoles = true });
        var before = await ReadAsync(scene.Source);
        await scene.RemoveAsync();
        await server.ExecuteAsync("postgres", "DROP ROLE server_scene_clerk");
        var target = await scene.CreateDatabaseAsync();
        var older = postgres.Server.ConnectionString(await postgres.Server.CreateDatabaseAsync());

        var restored = await scene.RestoreAsync(target, new RestoreRequest { WithRoles = true });
        var onOlder = await scene.RestoreAsync(older, new RestoreRequest { WithRoles = true, Scope = RestoreScope.SchemaOnly });

        try
        {
            Assert.Equal((RestoreOutcome.Complete, RestoreOutcome.Complete), (restored.Outcome, onOlder.Outcome));
            Assert.Equal(before, await ReadAsync(target));
            Assert.Contains(onOlder.Notices, notice => notice.Contains("server_scene_clerk in server_scene_group", StringComparison.Ordinal));
        }
        finally
        {
            await postgres.Server.DropDatabaseAsync(new NpgsqlConnectionStringBuilder(older).Database!);
            await ServerScene.DropRolesAsync(postgres.Server, "server_scene_clerk");
        }
    }

    // From PostgreSQL 16 on who creates a role may only administer it.
    [Fact]
    public async Task RunAsync_AsARoleWithoutSuperuserOnPostgreSql18_GivesObjectsToTheNewRoles()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Major = 18 });
        await using var scene = await ServerScene.CreateAsync(server);
        await scene.BackUpAsync(new BackupRequest { WithRoles = true });
        await scene.RemoveAsync();
        var target = new NpgsqlConnectionStringBuilder(await scene.CreateDatabaseAsync());
        await server.ExecuteAsync(
            "postgres", $"CREATE ROLE server_scene_clerk LOGIN CREATEROLE CREATEDB; ALTER DATABASE {target.Database} OWNER TO server_scene_clerk");
        target.Username = "server_scene_clerk";

        var restored = await scene.RestoreAsync(target.ConnectionString, new RestoreRequest { WithRoles = true });

        Assert.Equal(ServerScene.Roles, restored.Roles);
        Assert.DoesNotContain(restored.Failures, failure => failure.Kind.Split(' ')[0] is not ("ROLE" or "PARAMETER"));
        Assert.Equal((1, 1), (restored.Tables.Count, restored.Rows));
        var memberships = await ReadAsync(target.ConnectionString);
        Assert.All(ServerScene.Roles, role => Assert.Contains($"{role} server_scene_clerk postgres t f f", memberships));
        Assert.DoesNotContain(memberships, line => line.Contains(" server_scene_clerk server_scene_clerk ", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(string database)
    {
        await using var connection = await PostgresFixture.OpenAsync(database);
        await using var command = new NpgsqlCommand(Memberships, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await rows.ReadAsync())
        {
            found.Add(rows.GetString(0));
        }

        return found;
    }
}
