using System.Globalization;

namespace Backup.Core.Archives;

/// <summary>What the restore guide says of the database.</summary>
internal static class DatabaseGuide
{
    /// <summary>Says what the backup holds of it.</summary>
    public static string Introduction(RestoreGuideDatabase database) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        - the PostgreSQL database `{RestoreGuide.Plain(database.Name)}` as it was at {database.SnapshotAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC,
          from PostgreSQL {RestoreGuide.Plain(database.ServerVersion)}, in the encoding {RestoreGuide.Plain(database.Encoding)}. `psql` is all that is
          needed to restore it; it must be able to talk to the target, whose version should not be older than the source's.

        """);

    /// <summary>Says how to restore it.</summary>
    public static string Steps(RestoreGuideDatabase database) =>
        $"""
        ## Restore the database

        Make an empty one:

        ```
        createdb --template=template0 --encoding={RestoreGuide.Plain(database.Encoding)} restored
        ```

        Roles belong to the server and not to a database: {RolesAdvice(database)} or
        let the statements that name them fail and go on. Then run from the folder that was unpacked to, in this order:

        ```
        psql -X -v ON_ERROR_STOP=1 -d restored -f {EntryPaths.PreData}
        psql -X -v ON_ERROR_STOP=1 -d restored -f {EntryPaths.LoadData}
        psql -X -v ON_ERROR_STOP=1 -d restored -f {EntryPaths.PostData}
        ```

        The first makes schemas, types, functions and tables. The second loads the rows with one `\copy` a file, sets the
        sequences, and makes the large objects. The third adds indexes, constraints, triggers and rights, and fills the materialized views. Leave
        `ON_ERROR_STOP` out to go on after errors; then read what was printed.

        What the server keeps of the database itself (owner, comment, settings, rights to connect) is in `{EntryPaths.SettingsScript}`, if the
        backup has that file: where it is wanted, run `psql -X -d restored -f {EntryPaths.SettingsScript}` last. Its head says with which locale the
        database was made.

        For one table only: its rows are the files `database/data/<schema>.<table>/000001.copy` and so on, PostgreSQL's COPY text
        format. Each has its own line in `{EntryPaths.LoadData}`; run those lines alone, against a table that exists. In folder
        names every character other than `a`–`z`, `0`–`9`, `_` and `-` is written as `%` and the hexadecimal values of its UTF-8 bytes.


        """;

    private static string RolesAdvice(RestoreGuideDatabase database) => database.HasRoles
        ? $"make those that are missing with\n`psql -X -d postgres -f {EntryPaths.RolesScript}`, which leaves all others as they are and knows no passwords,"
        : "create the roles that own objects or have rights on them first,";
}
