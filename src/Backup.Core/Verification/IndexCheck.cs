using Backup.Core.Archives;
using Backup.Core.Archives.Indexing;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;

namespace Backup.Core.Verification;

/// <summary>Reads the whole index in the order of paths and compares it with the manifest.</summary>
internal static class IndexCheck
{
    private const string Subject = "index";

    private static readonly string[] OfDatabase = [EntryPaths.Toc, EntryPaths.PreData, EntryPaths.PostData, EntryPaths.LoadData];

    /// <summary>Runs the check.</summary>
    /// <returns>Whether the index could be read to its end.</returns>
    public static async Task<bool> RunAsync(
        ArchiveReader archive, VerificationRun run, TableCounts tables, ObjectCounts objects, CancellationToken cancellationToken)
    {
        var rawBytes = UInt128.Zero;
        var required = RequiredOf(archive.Manifest);
        try
        {
            await foreach (var entry in archive.ReadIndexAsync("", cancellationToken).ConfigureAwait(false))
            {
                rawBytes += (UInt128)entry.RawBytes;
                required.Remove(entry.Path);
                tables.AddPage(run, entry);
                objects.Add(run, entry);
            }
        }
        catch (ArchiveFormatException exception)
        {
            run.Find(VerificationFindingKind.Malformed, exception.Subject ?? Subject, exception.Message);
            return false;
        }
        catch (SinkException exception)
        {
            run.Find(VerificationFindingKind.Unreadable, exception.Subject ?? Subject, exception.Message);
            return false;
        }

        foreach (var path in required)
        {
            run.Find(VerificationFindingKind.Missing, path, "Every backup that holds what this one does has this entry; the index does not list it.");
        }

        if (rawBytes != (UInt128)archive.Manifest.Totals.RawBytes)
        {
            run.Find(
                VerificationFindingKind.Inconsistent,
                ArchiveNames.Manifest,
                $"It says {archive.Manifest.Totals.RawBytes} raw bytes in all, the index {rawBytes}.");
        }

        foreach (var part in IndexFile.AllOf(archive.Manifest))
        {
            run.AddFile(part.Bytes);
        }

        tables.ComparePages(run);
        objects.Compare(run, archive.Manifest);
        return true;
    }

    private static HashSet<string> RequiredOf(BackupManifest manifest)
    {
        var required = new HashSet<string>(StringComparer.Ordinal);
        if (manifest.Database is not null)
        {
            required.UnionWith(OfDatabase);
        }

        if (manifest.Storage is not null)
        {
            required.Add(EntryPaths.Buckets);
        }

        if (required.Count > 0)
        {
            required.Add(EntryPaths.RestoreGuide);
        }

        return required;
    }
}
