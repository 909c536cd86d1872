using System.Globalization;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Tools;

/// <summary>PostgreSQL's own dump and restore.</summary>
/// <param name="folder">Where they are: the real ones, not the scripts that Debian puts into PATH to choose among them.</param>
internal sealed class PostgresPrograms(string folder)
{
    /// <summary>Finds the programs for a server.</summary>
    public static async Task<PostgresPrograms> FindAsync(int serverMajor, CancellationToken cancellationToken) =>
        new(Path.GetDirectoryName(await PgDump.FindAsync(serverMajor, cancellationToken))!);

    /// <summary><c>pg_dump</c> in its directory format.</summary>
    public ToolCommand Dump(string database, string output, int jobs, int level) => new(
        Path.Combine(folder, "pg_dump"),
        "-Fd", Option("-j", jobs), Option("-Z", level), "-f", Path.Combine(output, "dump"))
    {
        Variables = PgDump.ConnectionVariables(database),
    };

    /// <summary><c>pg_dump --schema-only</c> as a script.</summary>
    public ToolCommand DumpSchema(string database, string output) => new(
        Path.Combine(folder, "pg_dump"), "--schema-only", "-f", Path.Combine(output, "schema.sql"))
    {
        Variables = PgDump.ConnectionVariables(database),
    };

    /// <summary><c>pg_restore</c> into an empty database.</summary>
    public ToolCommand Restore(string dump, string database, int jobs)
    {
        var variables = PgDump.ConnectionVariables(database);
        return new ToolCommand(
            Path.Combine(folder, "pg_restore"), "--exit-on-error", Option("-j", jobs), "-d", variables["PGDATABASE"]!, dump)
        {
            Variables = variables,
        };
    }

    private static string Option(string name, int value) => name + value.ToString(CultureInfo.InvariantCulture);
}
