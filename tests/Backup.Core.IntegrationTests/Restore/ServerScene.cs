using Backup.Core.Archives;
using Backup.Core.IntegrationTests.Schema;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Restore;

/// <summary>Roles and a database of theirs, as only a server can have them; all are dropped at the end.</summary>
internal sealed class ServerScene : IAsyncDisposable
{
    /// <summary>Roles of every kind, the names of which nobody else has.</summary>
    public static readonly string[] Roles = ["server scene \"Owner\"", "server_scene_boss", "server_scene_group", "server_scene_member"];

    private const string Definitions =
        """"
        CREATE ROLE "server scene ""Owner""" LOGIN CREATEDB CONNECTION LIMIT 5 VALID UNTIL '2031-01-02 03:04:05+00' PASSWORD 'hush';
        CREATE ROLE server_scene_group NOINHERIT CREATEROLE;
        CREATE ROLE server_scene_boss SUPERUSER REPLICATION BYPASSRLS;
        CREATE ROLE server_scene_member LOGIN;
        GRANT server_scene_group TO server_scene_boss WITH ADMIN OPTION;
        GRANT pg_monitor TO server_scene_member;
        SET SESSION AUTHORIZATION server_scene_boss;
        GRANT server_scene_group TO server_scene_member;
        RESET SESSION AUTHORIZATION;
        GRANT SET ON PARAMETER log_statement TO server_scene_member WITH GRANT OPTION;
        GRANT SET, ALTER SYSTEM ON PARAMETER "scene.custom" TO server_scene_group;
        ALTER ROLE server_scene_member SET search_path = "$user", public, 'we"ird, one';
        ALTER ROLE server_scene_member SET "scene.custom" = E'it''s \\ a $roles$ value';
        COMMENT ON ROLE server_scene_member IS E'two\nlines';
        """";

    private const string Settings =
        """"
        ALTER DATABASE {0} OWNER TO "server scene ""Owner""";
        COMMENT ON DATABASE {0} IS 'the source''s own';
        ALTER DATABASE {0} CONNECTION LIMIT 77;
        ALTER DATABASE {0} SET search_path TO '';
        ALTER DATABASE {0} SET "app.settings.key" = 'hush hush';
        ALTER DATABASE {0} SET "TimeZone" = 'Europe/Vienna';
        ALTER ROLE server_scene_member IN DATABASE {0} SET statement_timeout = '3min';
        REVOKE ALL ON DATABASE {0} FROM PUBLIC;
        GRANT CONNECT ON DATABASE {0} TO server_scene_member WITH GRANT OPTION;
        SET SESSION AUTHORIZATION server_scene_member;
        GRANT CONNECT ON DATABASE {0} TO server_scene_group;
        RESET SESSION AUTHORIZATION;
        CREATE SCHEMA scene AUTHORIZATION server_scene_group;
        CREATE TABLE scene.film (id integer PRIMARY KEY);
        COMMENT ON TABLE scene.film IS 'of the group';
        ALTER TABLE scene.film OWNER TO server_scene_group;
        INSERT INTO scene.film VALUES (1);
        """";

    private readonly PostgresServer _server;
    private readonly List<string> _databases = [];

    private ServerScene(PostgresServer server) => _server = server;

    /// <summary>The backups.</summary>
    public InMemorySink Sink { get; } = new();

    /// <summary>The name of the source.</summary>
    public string SourceName => _databases[0];

    /// <summary>The source.</summary>
    public string Source => _server.ConnectionString(SourceName);

    /// <summary>Makes roles and source.</summary>
    public static async Task<ServerScene> CreateAsync(PostgresServer server)
    {
        var scene = new ServerScene(server);
        await scene.CreateDatabaseAsync();
        await server.ExecuteAsync("postgres", Definitions);
        await server.ExecuteAsync(scene.SourceName, Settings.Replace("{0}", scene.SourceName, StringComparison.Ordinal));
        return scene;
    }

    /// <summary>Makes an empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        _databases.Add(await _server.CreateDatabaseAsync());
        return _server.ConnectionString(_databases[^1]);
    }

    /// <summary>Backs the source up.</summary>
    public Task<BackupResult> BackUpAsync(BackupRequest request) =>
        new BackupPipelineBuilder().UsePostgres(Source).UseSink(Sink).Build().RunAsync(request);

    /// <summary>Restores a backup.</summary>
    public Task<RestoreResult> RestoreAsync(string target, RestoreRequest request) =>
        new RestorePipelineBuilder().UsePostgres(target).UseSink(Sink).Build().RunAsync(request);

    /// <summary>Runs an entry of a backup that is a script, with psql.</summary>
    public async Task RunScriptAsync(BackupId backup, string path, string target)
    {
        var archive = await ArchiveReader.OpenAsync(Sink, backup, CancellationToken.None);
        var entry = await archive.FindAsync(path, CancellationToken.None);
        await using var stream = await archive.OpenEntryAsync(entry!, CancellationToken.None);
        using var reader = new StreamReader(stream);
        await SchemaRoundTrip.RunScriptAsync(target, await reader.ReadToEndAsync());
    }

    /// <summary>What pg_dump says of a database, under the source's name.</summary>
    public async Task<string> DumpAsync(string database, params string[] arguments)
    {
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        return (await PgDump.RunAsync(database, ["--create", .. arguments])).Replace(name, SourceName, StringComparison.Ordinal);
    }

    /// <summary>Removes databases and roles.</summary>
    public async Task RemoveAsync()
    {
        foreach (var database in _databases)
        {
            await _server.DropDatabaseAsync(database);
        }

        await DropRolesAsync(_server);
    }

    /// <summary>Removes the roles, and others, from a server; those that it does not have are no error.</summary>
    public static async Task DropRolesAsync(PostgresServer server, params string[] others)
    {
        // Rights to set parameters keep a role from being dropped.
        foreach (var role in Roles.Concat(others))
        {
            await server.ExecuteAsync(
                "postgres",
                $"""
                DO $$BEGIN
                    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                        EXECUTE format('DROP OWNED BY %1$I; DROP ROLE %1$I', '{role}');
                    END IF;
                END$$
                """);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await RemoveAsync();
}
