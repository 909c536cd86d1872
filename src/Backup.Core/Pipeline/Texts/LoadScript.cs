using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres;
using Backup.Core.Postgres.LargeObjects;

namespace Backup.Core.Pipeline.Texts;

/// <summary>Writes <c>database/load-data.sql</c>: with it psql alone loads all pages from the extracted files.</summary>
/// <remarks>See <see href="https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMANDS-COPY"/>.</remarks>
internal static class LoadScript
{
    private const int BufferCharacters = 16 * 1024;

    // psql's \copy is one line, so no name in it may hold a line break.
    private const string StandIn = "backup_core_load";

    // True as well where a merge has copied the script into a backup that holds all files itself.
    private static readonly string[] IncrementalNote =
    [
        "-- Unless RESTORE.md says nothing of it, some of the files named below lie in older backups.",
        "-- Fetch them as it says, or this script ends at the first that is missing.",
    ];

    private static readonly string[] Preamble =
    [
        "-- Loads all rows. Run it with psql, after pre-data.sql and before post-data.sql,",
        "-- in the folder that holds the extracted folder \"database\". See RESTORE.md.",
        @"\set ON_ERROR_STOP on",
        "SET client_encoding = 'UTF8';",
        "SET statement_timeout = 0;",
        "SET lock_timeout = 0;",
        "SET idle_in_transaction_session_timeout = 0;",
        "SET standard_conforming_strings = on;",
        "SET row_security = off;",
        "SELECT pg_catalog.set_config('search_path', '', false);",
    ];

    // The tables of the platform exist with their keys and triggers, unlike those that pre-data.sql makes.
    private static readonly string[] PlatformPreamble =
    [
        "-- The tables of the schemas auth and storage are the project's already: a column that a project lacks is an error here,",
        "-- which backup-core's own restore leaves out.",
        "SET session_replication_role = replica;",
        "SET storage.allow_delete_query = 'true';",
    ];

    /// <summary>Writes the script.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="copied">The tables that the backup holds.</param>
    /// <param name="sequences">The statements that set the sequences.</param>
    /// <param name="isIncremental">Whether pages lie in other backups, so that somebody must fetch them first.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task WriteAsync(
        Stream stream,
        CopiedDatabase copied,
        IReadOnlyList<string> sequences,
        bool isIncremental,
        CancellationToken cancellationToken)
    {
        var writer = new StreamWriter(stream, new UTF8Encoding(false), BufferCharacters, leaveOpen: true) { NewLine = "\n" };
        await using (writer.ConfigureAwait(false))
        {
            string[] head = [.. isIncremental ? IncrementalNote : [], .. Preamble, .. copied.Preset is null ? [] : PlatformPreamble];
            foreach (var line in head)
            {
                await writer.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            foreach (var line in LargeObjectScript.Fill(copied.Records, copied.Info.Encoding))
            {
                await writer.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            foreach (var table in copied.Records.Where(table => !LargeObjectRelations.Contains(new QualifiedName(table.Schema, table.Name))))
            {
                await WriteTableAsync(writer, table, copied.Info.Encoding, cancellationToken).ConfigureAwait(false);
            }

            foreach (var sequence in sequences)
            {
                await writer.WriteLineAsync(sequence.TrimEnd('\n').AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            foreach (var line in LargeObjectScript.Finish(copied.Records))
            {
                await writer.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteTableAsync(
        StreamWriter writer, TableRecord table, string encoding, CancellationToken cancellationToken)
    {
        var loaded = table.LoadInto is { } root ? new QualifiedName(root.Schema, root.Name) : new QualifiedName(table.Schema, table.Name);
        var name = loaded.ToSql();
        var isOneLine = IsOneLine(name);
        var target = isOneLine ? name : StandIn;
        if (!isOneLine)
        {
            await writer.WriteLineAsync($"ALTER TABLE {name} RENAME TO {StandIn};").ConfigureAwait(false);
            await writer.WriteLineAsync(
                $"SELECT pg_catalog.set_config('search_path', {SqlText.Literal(SqlText.Identifier(loaded.Schema))}, false);")
                .ConfigureAwait(false);
        }

        // Without a list COPY takes the same columns in the same order, as long as the table is what pre-data.sql made.
        var columns = string.Join(", ", table.Columns.Select(SqlText.Identifier));
        var list = columns.Length > 0 && IsOneLine(columns) ? $" ({columns})" : string.Empty;
        for (var page = 1; page <= table.Pages; page++)
        {
            var line = $@"\copy {target}{list} FROM '{EntryPaths.Page(table.Path, page)}' WITH (ENCODING '{encoding}')";
            await writer.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
        }

        if (!isOneLine)
        {
            var schema = SqlText.Identifier(loaded.Schema);
            await writer.WriteLineAsync("SELECT pg_catalog.set_config('search_path', '', false);").ConfigureAwait(false);
            await writer.WriteLineAsync($"ALTER TABLE {schema}.{StandIn} RENAME TO {SqlText.Identifier(loaded.Name)};")
                .ConfigureAwait(false);
        }
    }

    private static bool IsOneLine(string text) => text.AsSpan().IndexOfAny('\n', '\r') < 0;
}
