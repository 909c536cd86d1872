using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Restore.Files;

/// <summary>Finds out what a backup holds of the chosen buckets and what the store has of them. Changes nothing.</summary>
internal sealed class FilesInspection(ArchiveReader archive, IObjectStore store, RestoreRequest request, RestoreTracker tracker)
{
    /// <summary>Examines the backup, then the store.</summary>
    /// <exception cref="RestoreException">The backup holds no stored objects, or nothing that was chosen.</exception>
    /// <exception cref="ArchiveFormatException">The index or the list of buckets is damaged.</exception>
    /// <exception cref="ObjectStoreException">The store cannot be reached, or the key is wrong.</exception>
    public async Task<FilesPlan> InspectAsync(CancellationToken cancellationToken)
    {
        var id = archive.Manifest.Id;
        var section = archive.Manifest.Storage ?? throw new RestoreException($"The backup {id} holds no stored objects.")
        {
            Subject = id.Value,
            Hint = "Restore without an object store, or choose a backup that was made with one.",
        };
        ThrowIfUnmatched(section);
        var settings = await ReadBucketsAsync(cancellationToken).ConfigureAwait(false);
        var existing = await ListBucketsAsync(cancellationToken).ConfigureAwait(false);
        var chosen = section.Buckets.Where(bucket => request.Objects.Includes(bucket.Id)).ToList();
        var byFolder = chosen.ToDictionary(
            record => record.Path,
            record => new BucketWork(
                settings.GetValueOrDefault(record.Id) ?? throw Damaged($"{EntryPaths.Buckets} lacks the bucket '{record.Id}'"), record.Objects),
            StringComparer.Ordinal);
        await CountAsync(new FilesPlan(archive, store, request.Objects, byFolder), cancellationToken).ConfigureAwait(false);
        var plan = new FilesPlan(archive, store, request.Objects, WithoutUntouched(byFolder));
        await CompareAsync(plan, existing, cancellationToken).ConfigureAwait(false);
        AddNotices(section, plan);
        return plan;
    }

    private void ThrowIfUnmatched(StorageSection section)
    {
        var unmatched = request.Objects.Unmatched([.. section.Buckets.Select(bucket => bucket.Id)]).ToList();
        if (unmatched.Count > 0)
        {
            throw new RestoreException($"The backup holds no bucket that matches {string.Join(", ", unmatched)}.")
            {
                Subject = unmatched[0],
                Hint = $"Its buckets are: {string.Join(", ", section.Buckets.Select(bucket => bucket.Id))}.",
            };
        }
    }

    private async Task<Dictionary<string, BucketInfo>> ReadBucketsAsync(CancellationToken cancellationToken)
    {
        var entry = await archive.FindAsync(EntryPaths.Buckets, cancellationToken).ConfigureAwait(false)
            ?? throw Damaged($"it has no {EntryPaths.Buckets}");
        var stream = await archive.OpenEntryAsync(entry, cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var buckets = await BucketsFile.ReadAsync(stream, cancellationToken).ConfigureAwait(false);
        return buckets.ToDictionary(bucket => bucket.Id, StringComparer.Ordinal);
    }

    private async Task<Dictionary<string, BucketInfo>> ListBucketsAsync(CancellationToken cancellationToken)
    {
        var buckets = new Dictionary<string, BucketInfo>(StringComparer.Ordinal);
        await foreach (var bucket in store.ListBucketsAsync(cancellationToken).ConfigureAwait(false))
        {
            buckets[bucket.Id] = bucket;
        }

        return buckets;
    }

    private async Task CountAsync(FilesPlan all, CancellationToken cancellationToken)
    {
        var chosen = 0L;
        var bytes = 0L;
        await foreach (var file in all.ReadAsync(isChosenOnly: false, cancellationToken).ConfigureAwait(false))
        {
            file.Work.Indexed++;
            if (all.IsChosen(file))
            {
                bytes = file.Entry.RawBytes <= long.MaxValue - bytes
                    ? bytes + file.Entry.RawBytes
                    : throw Damaged("its index lists more bytes than there can be");
                file.Work.Chosen.Add(file.Entry.RawBytes);
                chosen++;
            }
        }

        if (chosen == 0 && request.Objects.Prefix.Length > 0)
        {
            throw new RestoreException($"The backup holds no object whose name begins with '{request.Objects.Prefix}' in the chosen buckets.")
            {
                Subject = request.Objects.Prefix,
                Hint = "Case counts, and a prefix is a plain beginning of the whole name.",
            };
        }
    }

    // With a prefix, a bucket in which nothing begins so is not what was asked for.
    private Dictionary<string, BucketWork> WithoutUntouched(Dictionary<string, BucketWork> byFolder) => byFolder
        .Where(item => request.Objects.Prefix.Length == 0 || item.Value.Chosen.Count.Objects > 0)
        .ToDictionary(StringComparer.Ordinal);

    private async Task CompareAsync(FilesPlan plan, Dictionary<string, BucketInfo> existing, CancellationToken cancellationToken)
    {
        foreach (var work in plan.Buckets)
        {
            if (!existing.TryGetValue(work.Bucket.Id, out var present))
            {
                work.IsEmpty = true;
                continue;
            }

            work.Exists = true;
            work.DifferingSettings = store.Capabilities.KeepsProperties ? [.. FindDifferences(work.Bucket, present)] : [];
            work.IsEmpty = true;
            await foreach (var found in store.ListObjectsAsync(work.Bucket.Id, request.Objects.Prefix, cancellationToken).ConfigureAwait(false))
            {
                work.IsEmpty = false;
                break;
            }
        }
    }

    private static IEnumerable<string> FindDifferences(BucketInfo wanted, BucketInfo present)
    {
        if (wanted.IsPublic != present.IsPublic)
        {
            yield return $"it is {(present.IsPublic ? "public" : "private")} and was {(wanted.IsPublic ? "public" : "private")}";
        }

        if (wanted.FileSizeLimitBytes != present.FileSizeLimitBytes)
        {
            yield return $"its size limit is {Limit(present.FileSizeLimitBytes)} and was {Limit(wanted.FileSizeLimitBytes)}";
        }

        if (!(wanted.AllowedMediaTypes ?? []).ToHashSet(StringComparer.Ordinal).SetEquals(present.AllowedMediaTypes ?? []))
        {
            yield return $"it takes {Types(present.AllowedMediaTypes)} and took {Types(wanted.AllowedMediaTypes)}";
        }

        static string Limit(long? bytes) => bytes is { } value ? $"{value} bytes" : "the store's own";

        static string Types(IReadOnlyList<string>? types) => types is { Count: > 0 } ? string.Join(", ", types) : "all media types";
    }

    private void AddNotices(StorageSection section, FilesPlan plan)
    {
        foreach (var work in plan.Buckets.Where(work => work.DifferingSettings.Count > 0))
        {
            tracker.Notice(
                $"Bucket '{work.Bucket.Id}' exists and keeps its settings, which differ from the backup's: {string.Join("; ", work.DifferingSettings)}.");
        }

        if (!store.Capabilities.KeepsProperties)
        {
            tracker.Notice(
                $"{store.Capabilities.Location} keeps no settings of buckets, content types, cache control or user metadata; they stay in the backup.");
        }

        var lacking = section.Buckets.Where(record => request.Objects.Includes(record.Id)).Sum(record => record.Listed - record.Objects);
        if (lacking > 0)
        {
            tracker.Notice($"The backup lacks {lacking} objects of these buckets, which could not be read when it was made.");
        }
    }

    private ArchiveFormatException Damaged(string what) =>
        new($"The stored objects of backup {archive.Manifest.Id} cannot be restored: {what}.")
        {
            Subject = archive.Manifest.Id.Value,
            Hint = "Verify the backup and restore from another one.",
        };
}
