using System.Globalization;
using System.Text;

namespace Backup.Core.Archives;

/// <summary>What the restore guide of an incremental backup says of the backups that hold some of its files.</summary>
internal static class ReferenceGuide
{
    private const string LinkScript = """
        zcat references-*.ndjson.gz | jq -r '[.backup, (.entry // .path), .path] | @tsv' |
        while IFS="$(printf '\t')" read -r backup entry path; do
          mkdir -p "restored/$(dirname "$path")" && ln "others/$backup/$entry" "restored/$path" || echo "missing: $path"
        done
        """;

    /// <summary>Says that files are missing, where they are and how to get at them.</summary>
    /// <param name="facts">What to say of the backup, which references others.</param>
    public static string Steps(RestoreGuideFacts facts) =>
        $"""
        ## Fetch what lies in other backups

        This backup is **incremental**. Its zip files hold only what had changed; the rest of its files lie unchanged in the zip files of
        the older backups below, whose folders lay beside this one's. **It cannot be restored without them.**

        {Backups(facts)}
        `backup-core restore {facts.Id}` finds them by itself, and `backup-core merge {facts.Id}` makes a backup of it that holds everything.
        By hand, in the folder of this backup: unpack every volume of each of them into a folder of its own (any one of the lines),

        ```
        {UnpackCommands(facts)}
        ```

        and put their files into place, with `jq` (`ln` makes a second name without copying; write `cp` where that cannot be):

        ```
        {LinkScript}
        ```

        It must print nothing. The files of `references-*.ndjson.gz` list each file that lies elsewhere: the backup that holds it, the volume,
        and as `entry` its name there where that is another one. So a single file can also be fetched from its volume alone.


        """;

    private static string Backups(RestoreGuideFacts facts)
    {
        var text = new StringBuilder();
        foreach (var reference in facts.References)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"- `{reference.Id}`: {reference.Entries} files, {reference.StoredBytes} bytes as they are packed\n");
        }

        return text.ToString();
    }

    private static string UnpackCommands(RestoreGuideFacts facts)
    {
        var ids = string.Join(' ', facts.References.Select(reference => reference.Id.Value));
        return $"""
            for b in {ids}; do 7z x "-oothers/$b" "../$b/volume-*.zip"; done
            for b in {ids}; do mkdir -p "others/$b" && for v in "../$b"/volume-*.zip; do bsdtar -x -C "others/$b" -f "$v"; done; done
            """;
    }
}
