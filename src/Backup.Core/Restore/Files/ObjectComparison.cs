using System.Text.Json;
using Backup.Core.ObjectStores;

namespace Backup.Core.Restore.Files;

/// <summary>Tells whether a store's object is the backup's: same size and ETag, and same properties where the store keeps them.</summary>
internal static class ObjectComparison
{
    // What a store gives to an object that came without a media type.
    private const string DefaultContentType = "application/octet-stream";

    /// <summary>Whether the two are identical.</summary>
    /// <param name="wanted">The backup's object.</param>
    /// <param name="bytes">Its size in bytes.</param>
    /// <param name="found">The store's object.</param>
    /// <param name="keepsProperties">Whether the store keeps content type, cache control and user metadata.</param>
    public static bool AreIdentical(StoredObject wanted, long bytes, StoredObject found, bool keepsProperties) =>
        HaveSameContent(wanted, bytes, found) && (!keepsProperties || HaveSameProperties(wanted, found));

    /// <summary>Whether size and ETag are the same. Without an ETag nothing tells the contents apart, so they count as different.</summary>
    public static bool HaveSameContent(StoredObject wanted, long bytes, StoredObject found) =>
        found.Bytes == bytes && wanted.ETag is { } tag && found.ETag is { } other && Bare(tag) == Bare(other);

    // Some answers of the Storage API have the quotes and others have not.
    private static string Bare(string tag) => tag.Trim('"');

    private static bool HaveSameProperties(StoredObject wanted, StoredObject found) =>
        (wanted.ContentType ?? DefaultContentType) == (found.ContentType ?? DefaultContentType)
        && (wanted.CacheControl is null || wanted.CacheControl == found.CacheControl)
        && HaveSameMetadata(wanted.UserMetadata, found.UserMetadata);

    // The order of properties and the space between them are the server's; only what they say counts.
    private static bool HaveSameMetadata(string? left, string? right)
    {
        if (left == right)
        {
            return true;
        }

        try
        {
            using var one = JsonDocument.Parse(left ?? "{}");
            using var other = JsonDocument.Parse(right ?? "{}");
            return JsonElement.DeepEquals(one.RootElement, other.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
