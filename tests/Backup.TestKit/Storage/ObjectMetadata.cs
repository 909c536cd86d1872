using System.Text.Json.Nodes;
using Backup.TestKit.Storage.Protocol;

namespace Backup.TestKit.Storage;

/// <summary>What the server notes of an object when it is uploaded: the column <c>metadata</c>.</summary>
public sealed record ObjectMetadata
{
    public required string ETag { get; init; }

    public required long Size { get; init; }

    public required string MimeType { get; init; }

    /// <summary><see langword="null"/> in a row put in by SQL.</summary>
    public string? CacheControl { get; init; }

    /// <summary><see langword="null"/> in a row put in by SQL.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Who may index it; <see langword="null"/> when the upload did not say.</summary>
    public string? RobotsTag { get; init; }

    /// <summary>The column's JSON.</summary>
    internal JsonObject ToJson()
    {
        var json = new JsonObject { ["eTag"] = ETag, ["size"] = Size, ["mimetype"] = MimeType };
        if (RobotsTag is not null)
        {
            json["xRobotsTag"] = RobotsTag;
        }

        if (CacheControl is not null)
        {
            json["cacheControl"] = CacheControl;
            json["contentLength"] = Size;
        }

        if (LastModified is { } time)
        {
            json["lastModified"] = StorageJson.Time(time);
            json["httpStatusCode"] = 200;
        }

        return json;
    }
}
