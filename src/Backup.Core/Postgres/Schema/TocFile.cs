using System.Text.Encodings.Web;
using System.Text.Json;
using Backup.Core.Errors;

namespace Backup.Core.Postgres.Schema;

/// <summary>Writes and reads <c>database/toc.json</c>: a version and the entries, streamed.</summary>
internal static class TocFile
{
    // The file is read by people and by this library, never embedded in HTML: names stay readable.
    private static readonly TocJsonContext Json = new(new JsonSerializerOptions(TocJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Writes the file.</summary>
    public static Task WriteAsync(Stream destination, DatabaseSchema schema, CancellationToken cancellationToken) =>
        JsonSerializer.SerializeAsync(
            destination,
            new TocDocument
            {
                Version = TocDocument.CurrentVersion,
                Entries = schema.Entries,
                Unsupported = schema.Unsupported.Count == 0 ? null : schema.Unsupported,
            },
            Json.TocDocument,
            cancellationToken);

    /// <summary>Reads the file and checks that its entries are in an order that restores.</summary>
    /// <exception cref="ArchiveFormatException">The file is no table of contents.</exception>
    /// <exception cref="UnsupportedFormatVersionException">A newer version wrote it.</exception>
    public static async Task<DatabaseSchema> ReadAsync(Stream source, CancellationToken cancellationToken)
    {
        TocDocument? document;
        try
        {
            document = await JsonSerializer.DeserializeAsync(source, Json.TocDocument, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (JsonException e)
        {
            throw Damaged($"it is not the JSON expected at {e.Path ?? "its beginning"}", e);
        }

        if (document?.Entries is null)
        {
            throw Damaged("it holds no entries");
        }

        if (document.Version > TocDocument.CurrentVersion)
        {
            throw new UnsupportedFormatVersionException(
                $"The table of contents has version {document.Version}, this library reads up to {TocDocument.CurrentVersion}.")
            {
                Subject = "database/toc.json",
                Hint = "Restore with a newer version of this library.",
            };
        }

        Check(document.Entries);
        if (document.Unsupported?.Contains(null!) == true)
        {
            throw Damaged("it lists an unsupported object that is none");
        }

        return new DatabaseSchema(document.Entries) { Unsupported = document.Unsupported ?? [] };
    }

    private static void Check(IReadOnlyList<TocEntry?> entries)
    {
        for (var index = 0; index < entries.Count; index++)
        {
            var entry = entries[index];
            if (entry is null || entry.Id != index + 1)
            {
                throw Damaged($"entry {index + 1} does not carry that id");
            }

            if (entry.DependsOn is null || entry.DependsOn.Any(id => id < 1 || id >= entry.Id))
            {
                throw Damaged($"entry {entry.Id} depends on an entry that does not come before it");
            }

            if (entry.Roles is null || entry.Roles.Contains(null!))
            {
                throw Damaged($"entry {entry.Id} does not name a role");
            }

            if (entry.Requires?.Any(item => item?.What is null) == true || entry.Variants?.Contains(null!) == true)
            {
                throw Damaged($"entry {entry.Id} does not say what it requires");
            }
        }
    }

    private static ArchiveFormatException Damaged(string reason, Exception? cause = null) =>
        new($"The table of contents is damaged: {reason}.", cause)
        {
            Subject = "database/toc.json",
            Hint = "Verify the backup and restore from another one.",
        };
}
