using System.Reflection;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>
/// A made-up hosted project: the platform's roles, schemas and tables, with an owner <c>postgres</c> who is no superuser, as on Supabase. The platform's
/// tables have a few of the columns that the real ones have, and differ between versions.
/// </summary>
/// <param name="Database">The connection string of the project's owner.</param>
/// <param name="Admin">The connection string of the platform's superuser.</param>
public sealed record ManagedProject(string Database, string Admin)
{
    private const string Prefix = "ManagedProject/";
    private const string Platform = "supabase_admin";

    /// <summary>Makes the roles. The server is then not to be used for anything else: its superuser is no longer called postgres.</summary>
    public static async Task PrepareAsync(PostgresServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        await server.ExecuteAsync("postgres", $"CREATE ROLE {Platform} SUPERUSER LOGIN CREATEDB CREATEROLE REPLICATION BYPASSRLS");
        await RunAsync(As(server, Platform, "template1"), "roles.sql");
    }

    /// <summary>Makes a project that holds something, of a newer version of the platform.</summary>
    public static async Task<ManagedProject> CreateSourceAsync(PostgresServer server)
    {
        var project = await CreateAsync(server, "source", "platform.sql", "newer.sql");
        await RunAsync(project.Database, "own.sql");
        await ExecuteAsync(
            project.Admin,
            """
            CREATE FUNCTION public.note_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
            ALTER FUNCTION public.note_ddl() OWNER TO postgres;
            CREATE EVENT TRIGGER note_ddl ON ddl_command_end EXECUTE FUNCTION public.note_ddl();
            ALTER EVENT TRIGGER note_ddl OWNER TO bootstrap;
            """);
        return project;
    }

    /// <summary>Makes a fresh project of another version of the platform, which lacks tables and columns of the source's and has others.</summary>
    public static Task<ManagedProject> CreateTargetAsync(PostgresServer server, string name = "target") =>
        CreateAsync(server, name, "platform.sql", "differing.sql");

    /// <summary>Runs SQL as one of the two.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = await PostgresFixture.OpenAsync(connectionString);
        await SqlScripts.ExecuteAsync(connection, sql, CancellationToken.None);
    }

    /// <summary>Asks the project, as the platform's superuser, for one text.</summary>
    public async Task<string> ReadAsync(string query)
    {
        await using var connection = await PostgresFixture.OpenAsync(Admin);
        await using var command = new NpgsqlCommand($"SELECT coalesce(({query})::text, '')", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<ManagedProject> CreateAsync(PostgresServer server, string name, params string[] scripts)
    {
        ArgumentNullException.ThrowIfNull(server);
        await ExecuteAsync(As(server, Platform, "template1"), $"CREATE DATABASE {name} TEMPLATE template0 OWNER postgres");
        var project = new ManagedProject(As(server, "postgres", name), As(server, Platform, name));
        foreach (var script in scripts)
        {
            await RunAsync(project.Admin, script);
        }

        return project;
    }

    private static string As(PostgresServer server, string role, string database) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString(database)) { Username = role }.ConnectionString;

    private static async Task RunAsync(string connectionString, string script)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + script)
            ?? throw new ArgumentException($"There is no script {script}.", nameof(script));
        using var reader = new StreamReader(stream);
        await ExecuteAsync(connectionString, await reader.ReadToEndAsync());
    }
}
