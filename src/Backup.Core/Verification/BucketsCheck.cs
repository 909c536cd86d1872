using Backup.Core.Archives;
using Backup.Core.Errors;

namespace Backup.Core.Verification;

/// <summary>Reads the settings of the buckets and compares them with the manifest.</summary>
internal static class BucketsCheck
{
    /// <summary>Runs the check; that the entry is there has been checked already.</summary>
    public static async Task RunAsync(ArchiveReader archive, VerificationRun run, CancellationToken cancellationToken)
    {
        if (archive.Manifest.Storage is not { } storage)
        {
            return;
        }

        try
        {
            if (await archive.FindAsync(EntryPaths.Buckets, cancellationToken).ConfigureAwait(false) is not { } entry)
            {
                return;
            }

            var stream = await archive.OpenEntryAsync(entry, cancellationToken).ConfigureAwait(false);
            await using var disposal = stream.ConfigureAwait(false);
            var buckets = await BucketsFile.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
            var ids = buckets.Select(bucket => bucket.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var bucket in storage.Buckets.Where(bucket => !ids.Contains(bucket.Id)))
            {
                run.Find(VerificationFindingKind.Inconsistent, EntryPaths.Buckets, $"It lacks the settings of the bucket '{bucket.Id}'.");
            }
        }
        catch (BackupNotFoundException exception)
        {
            run.Find(VerificationFindingKind.Missing, EntryPaths.Buckets, exception.Message);
        }
        catch (ArchiveFormatException exception)
        {
            run.Find(VerificationFindingKind.Malformed, EntryPaths.Buckets, exception.Message);
        }
        catch (SinkException exception)
        {
            run.Find(VerificationFindingKind.Unreadable, EntryPaths.Buckets, exception.Message);
        }
    }
}
