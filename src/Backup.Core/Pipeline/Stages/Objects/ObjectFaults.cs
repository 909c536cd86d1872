using System.Globalization;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>The errors of a download: why an object is not in the archive.</summary>
internal static class ObjectFaults
{
    /// <summary>It is another one than was listed.</summary>
    public static ObjectStoreException Changed(StoredObject item, string? eTag, long? bytes) =>
        new($"{Words(item)} changed after it was listed: it was {Words(item.ETag, item.Bytes)} and is {Words(eTag, bytes)}.")
        {
            Error = ObjectStoreError.Changed,
            Subject = $"{item.Bucket}/{item.Name}",
        };

    /// <summary>Nothing was overwritten through the store: its row and its bytes were never, or are no longer, of each other.</summary>
    public static ObjectStoreException Contradicted(StoredObject item, string? eTag, long bytes) =>
        new($"{Words(item)} is not what the store says of it: that is {Words(item.ETag, item.Bytes)}, and what comes is {Words(eTag, bytes)}; "
            + "a cache may have answered, or the file was changed past the store.")
        {
            Error = ObjectStoreError.Changed,
            Subject = $"{item.Bucket}/{item.Name}",
        };

    /// <summary>It was listed and is no longer there.</summary>
    public static ObjectStoreException Gone(StoredObject item) =>
        new($"{Words(item)} is gone since it was listed.")
        {
            Error = ObjectStoreError.ObjectNotFound,
            Subject = $"{item.Bucket}/{item.Name}",
        };

    /// <summary>The index has no line for it.</summary>
    public static ObjectStoreException Unfit(StoredObject item) =>
        new($"{Words(item)} cannot be named in the index: its name is empty, or its name or metadata is too long or no valid text.")
        {
            Error = ObjectStoreError.InvalidName,
            Subject = $"{item.Bucket}/{item.Name}",
        };

    /// <summary>Its bytes broke off.</summary>
    public static ObjectStoreException Broken(StoredObject item, string reason, Exception? cause) =>
        new($"Cannot download {Words(item)}: {reason.TrimEnd('.')}.", cause)
        {
            Error = ObjectStoreError.Unavailable,
            Subject = $"{item.Bucket}/{item.Name}",
            IsTransient = true,
        };

    /// <summary>Its bytes come, but not in time.</summary>
    public static ObjectStoreException TooSlow(StoredObject item, TimeSpan? limit, Exception cause) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Downloading {Words(item)} took longer than {limit?.TotalSeconds:0.###} s."), cause)
        {
            Error = ObjectStoreError.Unavailable,
            Category = ErrorCategory.TimeOut,
            Subject = $"{item.Bucket}/{item.Name}",
            IsTransient = true,
            Hint = $"See what slows the store or the line down, or allow more time ({nameof(BackupOptions.Timeouts)}.{nameof(BackupTimeouts.Item)}).",
        };

    private static string Words(StoredObject item) => $"'{MessageText.OneLine(item.Name)}' of bucket '{item.Bucket}'";

    private static string Words(string? eTag, long? bytes) => $"{MessageText.OneLine(eTag ?? "without ETag")} of {(bytes is null ? "unknown size" : $"{bytes} bytes")}";
}
