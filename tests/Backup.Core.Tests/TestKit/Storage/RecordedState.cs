using System.Globalization;
using System.Text.Json.Nodes;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.TestKit.Storage;

/// <summary>Brings a server into the state that the real one was in, which the recordings tell by what they show.</summary>
internal static class RecordedState
{
    /// <summary>Does one set-up step.</summary>
    public static async Task ApplyAsync(StorageServer server, RecordedStep step)
    {
        var json = step.Json;
        switch (step.Setup)
        {
            case "bucket":
                await server.State.CreateBucketAsync(ToBucket(json));
                break;
            case "object":
                await server.State.PutAsync(ToObject(json));
                break;
            case "many":
                await server.State.PutManyAsync(ToObjects(json));
                break;
            case "lose":
                await server.State.LoseContentAsync(Text(json, "bucket")!, Text(json, "name")!);
                break;
            case "fault":
                server.Faults.Clear();
                server.Faults.Add(StorageCall.Any, Fault.Status(json["status"]!.GetValue<int>()), times: 1);
                break;
            case "s3-backend":
                break;
            default:
                throw new InvalidDataException($"There is no set-up '{step.Setup}'.");
        }
    }

    private static BucketRow ToBucket(JsonObject json) => new()
    {
        Id = Text(json, "id")!,
        Name = Text(json, "id")!,
        IsPublic = json["public"]?.GetValue<bool>() ?? false,
        FileSizeLimitBytes = json["limit"]?.GetValue<long>(),
        AllowedMimeTypes = json["types"] is JsonArray types ? [.. types.Select(type => type!.GetValue<string>())] : null,
    };

    private static NewObject ToObject(JsonObject json)
    {
        var item = new NewObject(Text(json, "bucket")!, Text(json, "name")!, ToContent(json))
        {
            ContentType = Text(json, "contentType") ?? "application/octet-stream",
            CacheControl = Text(json, "cacheControl") ?? "no-cache",
            ETag = Text(json, "etag"),
            RobotsTag = Text(json, "robotsTag"),
            UserMetadata = json["userMetadata"]?.ToJsonString(),
            CreatedAt = Time(json),
            IsBareRow = json["bare"]?.GetValue<bool>() ?? false,
        };
        return json["bySql"] is null ? item : BySql(item, item.ETag!, json["size"]!.GetValue<long>(), Text(json, "cacheControl"));
    }

    private static IEnumerable<NewObject> ToObjects(JsonObject json)
    {
        for (var number = json["first"]!.GetValue<int>(); number <= json["last"]!.GetValue<int>(); number++)
        {
            var name = string.Format(CultureInfo.InvariantCulture, Text(json, "format")!, number);
            yield return BySql(
                new NewObject(Text(json, "bucket")!, name, null) { ContentType = "text/plain", CreatedAt = Time(json) }, "\"x\"", 1);
        }
    }

    private static NewObject BySql(NewObject item, string eTag, long size, string? cacheControl = null) => item with
    {
        Version = "no-file",
        Metadata = new ObjectMetadata { ETag = eTag, Size = size, MimeType = item.ContentType, CacheControl = cacheControl },
    };

    // Where a recording shows no more than the size, the pattern stands for the bytes.
    private static StoredContent ToContent(JsonObject json)
    {
        var length = json["pattern"] ?? json["size"];
        return RecordedStep.ReadBytes(json["content"]) is { } bytes
            ? StoredContent.Of(bytes)
            : StoredContent.Pattern(length?.GetValue<long>() ?? 0);
    }

    private static DateTimeOffset? Time(JsonObject json) => Text(json, "createdAt") is { } text
        ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)
        : null;

    private static string? Text(JsonObject json, string name) => json[name]?.GetValue<string>();
}
