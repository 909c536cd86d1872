using System.Globalization;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives;

/// <summary>What the restore guide says of the files in buckets.</summary>
internal static class StorageGuide
{
    // An upload of each file, streamed, with all that the Storage API takes; names in the URL wholly percent-encoded.
    private static string UploadScript(string index) => $"""
        export URL=https://<project>.supabase.co/storage/v1 KEY=<service key>
        zcat {index} | jq -r 'select(.object) | [.path, (.object.bucket | @uri), (.object.name | @uri),
            (.object.contentType // "application/octet-stream"), (.object.cacheControl // "no-cache"),
            (.object.userMetadata // "" | @base64)] | @tsv' |
        while IFS="$(printf '\t')" read -r path bucket name type cache metadata; do
          curl -fsS -o /dev/null -X POST -T "restored/$path" -H "authorization: Bearer $KEY" -H "apikey: $KEY" -H "x-upsert: true" \
            -H "content-type: $type" -H "cache-control: $cache" -H "x-metadata: $metadata" "$URL/object/$bucket/$name" || echo "failed: $path"
        done
        """;

    private const string BothNote = """
        The rows of `storage.buckets` and `storage.objects` in the database tell of the same files, and a Storage server writes
        them itself as files are uploaded: when you restore its own database, leave the definitions of the schema `storage` and its lines
        in `database/load-data.sql` out, and upload before `database/post-data.sql`.


        """;

    /// <summary>Says what the backup holds of them.</summary>
    public static string Introduction(RestoreGuideStorage storage, RestoreGuideFacts facts)
    {
        var instant = storage.Listing == ObjectListingMethod.Database
            ? "as they were at the same instant"
            : string.Create(CultureInfo.InvariantCulture, $"as the store listed them from {facts.Id.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC on");
        return $"""
            - the files in the buckets of `{RestoreGuide.Plain(storage.Location)}`, {instant}.

            """;
    }

    /// <summary>Says how to get at them and how to put them back.</summary>
    public static string Steps(RestoreGuideFacts facts) =>
        $"""
        ## Restore the files

        The folder `storage` holds a folder for each bucket and below it each object under its name, byte for byte as it was.
        What a disk may not take is written otherwise: `%` and two hexadecimal digits stand for a byte of the name's UTF-8 (`%3a` is a
        colon), `%` alone for an empty part between slashes, and `~` with 32 digits was put where a name was too long or would
        meet another on a disk that ignores case.

        The true names, content types, cache controls, users' metadata, owners and times are in the index, one line of JSON for
        each file, in the property `object`: `zcat {IndexOf(facts)}`. The buckets and their settings are in `{EntryPaths.Buckets}`;
        create them first. To upload everything to Supabase Storage, from the folder that holds the volumes, with `curl` and `jq`:

        ```
        {UploadScript(IndexOf(facts))}
        ```

        {(facts.Database is null ? "" : BothNote)}
        """;

    // The files that list all entries, as a shell expands them.
    private static string IndexOf(RestoreGuideFacts facts) =>
        facts.References.Count == 0 ? "index-*.ndjson.gz" : "index-*.ndjson.gz references-*.ndjson.gz";
}
