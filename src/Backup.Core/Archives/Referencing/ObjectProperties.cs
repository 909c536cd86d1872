using Backup.Core.ObjectStores;

namespace Backup.Core.Archives.Referencing;

/// <summary>What a backup knows of an object that some listings lack. Many objects have the same.</summary>
/// <param name="ContentType">The media type.</param>
/// <param name="CacheControl">The Cache-Control.</param>
/// <param name="RobotsTag">What search engines may do with it.</param>
/// <param name="UserMetadata">The user's own metadata.</param>
/// <param name="OwnerId">The owner's id.</param>
internal sealed record ObjectProperties(string? ContentType, string? CacheControl, string? RobotsTag, string? UserMetadata, string? OwnerId)
{
    /// <summary>How many characters its texts have.</summary>
    public long Characters => Length(ContentType) + Length(CacheControl) + Length(RobotsTag) + Length(UserMetadata) + Length(OwnerId);

    /// <summary>The properties of an object.</summary>
    public static ObjectProperties Of(StoredObject stored) =>
        new(stored.ContentType, stored.CacheControl, stored.RobotsTag, stored.UserMetadata, stored.OwnerId);

    /// <summary>An object with what its listing lacks.</summary>
    /// <param name="listed">The object as a listing shows it that does not carry everything.</param>
    public StoredObject Complete(StoredObject listed) => listed with
    {
        ContentType = listed.ContentType ?? ContentType,
        CacheControl = listed.CacheControl ?? CacheControl,
        RobotsTag = listed.RobotsTag ?? RobotsTag,
        UserMetadata = listed.UserMetadata ?? UserMetadata,
        OwnerId = listed.OwnerId ?? OwnerId,
    };

    private static long Length(string? text) => text?.Length ?? 0;
}
