using Backup.Core.IntegrationTests.Restore;
using Backup.Core.Restore;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Versions;

/// <summary>Memberships have options of their own, and grantors that must have the right, from PostgreSQL 16 on.</summary>
[Collection(PostgresFixture.Collection)]
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
        await scene.BackUpAsync();
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
            foreach (var role in ServerScene.Roles.Append("server_scene_clerk"))
            {
                await postgres.Server.ExecuteAsync("postgres", $"DROP ROLE IF EXISTS \"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
            }
        }
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
