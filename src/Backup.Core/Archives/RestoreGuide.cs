using System.Globalization;
using System.Text;
using Backup.Core.Compression;

namespace Backup.Core.Archives;

/// <summary>Writes RESTORE.md: how a person restores the backup it lies in with a zip tool and psql alone.</summary>
internal static class RestoreGuide
{
    /// <summary>Writes the guide.</summary>
    /// <param name="facts">What to say of the backup.</param>
    /// <returns>Markdown in UTF-8.</returns>
    public static byte[] Write(RestoreGuideFacts facts)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # How to restore this backup by hand

            This is backup `{facts.Id}` of the PostgreSQL database `{Plain(facts.DatabaseName)}`, as it was at
            {facts.SnapshotAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC. It was written by {Plain(facts.WrittenBy)} from PostgreSQL
            {Plain(facts.ServerVersion)}; the encoding is {Plain(facts.Encoding)}. A zip tool and `psql` are all that is needed;
            the psql must be able to talk to the target, whose version should not be older than the source's.

            ## 1. Unpack

            Put all files of the backup's folder (`volume-0001.zip`, `volume-0002.zip`, … and `manifest.json`) into one folder,
            and unpack **every** volume into the **same** new folder:

            {UnpackCommands(facts.Method)}

            No two volumes hold the same file, so nothing is overwritten.

            ## 2. Make an empty database

            ```
            createdb --template=template0 --encoding={Plain(facts.Encoding)} restored
            ```

            Roles belong to the server and not to a database: create the roles that own objects or have rights on them first, or
            let the statements that name them fail and go on.

            ## 3. Definitions, rows, definitions

            Run from the folder that was unpacked to, in this order:

            ```
            psql -X -v ON_ERROR_STOP=1 -d restored -f {EntryPaths.PreData}
            psql -X -v ON_ERROR_STOP=1 -d restored -f {EntryPaths.LoadData}
            psql -X -v ON_ERROR_STOP=1 -d restored -f {EntryPaths.PostData}
            ```

            The first makes schemas, types, functions and tables. The second loads the rows with one `\copy` a file and sets the
            sequences. The third adds indexes, constraints, triggers and rights, and fills the materialized views. Leave
            `ON_ERROR_STOP` out to go on after errors; then read what was printed.

            ## One table only

            Its rows are the files `database/data/<schema>.<table>/000001.copy` and so on: PostgreSQL's COPY text format. Each has
            its own line in `{EntryPaths.LoadData}`; run those lines alone, against a table that exists. In folder names every
            character other than `a`–`z`, `0`–`9`, `_` and `-` is written as `%` and the hexadecimal values of its UTF-8 bytes.

            ## Is it whole?

            A backup without `manifest.json` never finished: do not use it. The manifest gives the SHA-256 of every volume
            (`sha256sum volume-*.zip`), and zip tools check the CRC-32 of every file as they unpack it.

            """);
        return Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));
    }

    private static string UnpackCommands(CompressionMethod method)
    {
        const string Common = """
            7z x -orestored 'volume-*.zip'
            mkdir -p restored && for v in volume-*.zip; do bsdtar -x -C restored -f "$v"; done
            """;
        return method == CompressionMethod.Zstandard
            ? $"""
              ```
              {Common}
              ```

              (either line). The files are packed with Zstandard, zip method 93: 7-Zip from version 24 on and bsdtar open it; Info-ZIP's `unzip` does not.
              """
            : $"""
              ```
              unzip -d restored 'volume-*.zip'
              {Common}
              ```

              (any one of the lines).
              """;
    }

    // Names come from outside: they must not break out of the line or the code span they stand in.
    private static string Plain(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            builder.Append(char.IsControl(character) || character == '`' ? ' ' : character);
        }

        return builder.ToString();
    }
}
