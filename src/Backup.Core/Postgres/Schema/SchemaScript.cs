using System.Text;

namespace Backup.Core.Postgres.Schema;

/// <summary>Writes a section of a schema as a script for psql: the session's settings, then every entry's statements.</summary>
internal static class SchemaScript
{
    /// <summary>
    /// The settings that the statements rely on: names are qualified, so the path is empty; function bodies may name what
    /// does not exist yet.
    /// </summary>
    public const string Preamble =
        """
        SET statement_timeout = 0;
        SET lock_timeout = 0;
        SET idle_in_transaction_session_timeout = 0;
        SET client_encoding = 'UTF8';
        SET standard_conforming_strings = on;
        SELECT pg_catalog.set_config('search_path', '', false);
        SET check_function_bodies = false;
        SET xmloption = content;
        SET client_min_messages = warning;
        SET row_security = off;
        SET default_tablespace = '';
        SET default_table_access_method = heap;

        """;

    /// <summary>Writes one section.</summary>
    public static async Task WriteAsync(
        Stream destination, DatabaseSchema schema, TocSection section, CancellationToken cancellationToken)
    {
        var writer = new StreamWriter(destination, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
        {
            NewLine = "\n",
        };
        await using var disposal = writer.ConfigureAwait(false);
        await writer.WriteAsync(Preamble.AsMemory(), cancellationToken).ConfigureAwait(false);
        foreach (var entry in schema.Entries.Where(entry => entry.Section == section && (entry.Create + entry.SetOwner).Length > 0))
        {
            await writer.WriteAsync($"\n-- {entry.Id}: {Title(entry)}\n\n".AsMemory(), cancellationToken).ConfigureAwait(false);
            await writer.WriteAsync((entry.Create + entry.SetOwner).AsMemory(), cancellationToken).ConfigureAwait(false);
        }

        await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    // A name may hold a line break, which would end the comment and start a statement.
    private static string Title(TocEntry entry)
    {
        var title = entry.Schema is null ? $"{entry.Kind} {entry.Name}" : $"{entry.Kind} {entry.Schema}.{entry.Name}";
        return title.ReplaceLineEndings(" ").Replace('\v', ' ');
    }
}
