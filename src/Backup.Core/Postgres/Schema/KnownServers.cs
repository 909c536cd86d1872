using System.Globalization;
using Backup.Core.Errors;

namespace Backup.Core.Postgres.Schema;

/// <summary>Which servers' catalogs are understood, and what a backup does about what is not.</summary>
internal static class KnownServers
{
    private const int NamesShown = 5;

    /// <summary>Finds out whether a server is newer than what is known here.</summary>
    /// <param name="majorVersion">The server's major version.</param>
    /// <returns>The server as something that is not supported; <see langword="null"/> where it is.</returns>
    public static UnsupportedObject? FindFault(int majorVersion) => majorVersion <= PostgresSource.NewestTestedMajorVersion
        ? null
        : new UnsupportedObject(
            string.Create(CultureInfo.InvariantCulture, $"PostgreSQL {majorVersion}"),
            string.Create(
                CultureInfo.InvariantCulture,
                $"Its catalogs may hold what this version of the library does not know: it knows those up to PostgreSQL {PostgresSource.NewestTestedMajorVersion}."));

    /// <summary>Refuses a backup that would not hold everything.</summary>
    /// <param name="unsupported">What it would lack.</param>
    /// <exception cref="DatabaseException">There is something.</exception>
    public static void ThrowIfAny(IReadOnlyList<UnsupportedObject> unsupported)
    {
        if (unsupported.Count == 0)
        {
            return;
        }

        var more = unsupported.Count > NamesShown
            ? string.Create(CultureInfo.InvariantCulture, $" and {unsupported.Count - NamesShown} more")
            : "";
        throw new DatabaseException(
            $"The database holds what a backup cannot hold: {string.Join(", ", unsupported.Take(NamesShown).Select(item => item.Name))}{more}. {unsupported[0].Reason}")
        {
            Stage = "Schema",
            Subject = unsupported[0].Name,
            Category = ErrorCategory.Refused,
            Hint = "Leave out their schemas, choose the schemas or tables to take, drop the objects if nothing needs them, "
                + "or allow a backup without them (BackupRequest.AllowUnsupported).",
        };
    }
}
