using System.Globalization;
using System.Text;
using Backup.Core.Compression;

namespace Backup.Core.Archives;

/// <summary>Writes RESTORE.md: how a person restores the backup it lies in with a zip tool, psql and curl alone.</summary>
internal static class RestoreGuide
{
    /// <summary>Writes the guide.</summary>
    /// <param name="facts">What to say of the backup.</param>
    /// <returns>Markdown in UTF-8.</returns>
    public static byte[] Write(RestoreGuideFacts facts)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"""
            # How to restore this backup by hand

            This is backup `{facts.Id}`, written by {Plain(facts.WrittenBy)}. It holds:


            """);
        text.Append(facts.Database is { } database ? DatabaseGuide.Introduction(database) : "");
        text.Append(facts.Storage is { } storage ? StorageGuide.Introduction(storage, facts) : "");
        text.Append(
            CultureInfo.InvariantCulture,
            $"""

            ## Unpack

            Put all files of the backup's folder (`volume-0001.zip`, `volume-0002.zip`, … and `manifest.json`) into one folder,
            and unpack **every** volume into the **same** new folder:

            {UnpackCommands(facts.Method)}

            No two volumes hold the same file, so nothing is overwritten.


            """);
        text.Append(facts.References.Count == 0 ? "" : ReferenceGuide.Steps(facts));
        text.Append(facts.Database is null ? "" : DatabaseGuide.Steps(facts.Database));
        text.Append(facts.Storage is null ? "" : StorageGuide.Steps(facts));
        text.Append(
            """
            ## Is it whole?

            A backup without `manifest.json` never finished: do not use it. The manifest gives the SHA-256 of every volume
            (`sha256sum volume-*.zip`), and zip tools check the CRC-32 of every file as they unpack it. What could not be backed up
            is under `failures` in the manifest, and what no backup can hold under `unsupported`.

            """);
        text.Append(facts.References.Count == 0 ? "" : "The backups that hold files of this one are checked in the same way.\n");
        return Encoding.UTF8.GetBytes(text.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Keeps a name from outside from breaking out of the line or the code span it stands in.</summary>
    /// <param name="text">The name.</param>
    public static string Plain(string text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            builder.Append(char.IsControl(character) || character == '`' ? ' ' : character);
        }

        return builder.ToString();
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
}
