using System.Text.Json.Nodes;
using Backup.Core.Archives;
using Backup.Core.Sinks;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Storage;

/// <summary>Compares what a backup or another server holds with the objects that there were.</summary>
internal static class StoredTruth
{
    /// <summary>All objects of a server, by bucket and name.</summary>
    public static Dictionary<(string Bucket, string Name), ObjectRow> Of(StorageServer server) => server.State.Buckets
        .SelectMany(bucket => server.State.Objects(bucket.Id))
        .ToDictionary(row => (row.BucketId, row.Name));

    /// <summary>Asserts that a backup holds exactly these objects: every byte, and every property in the index.</summary>
    public static async Task AssertBackupAsync(
        IBackupSink sink, BackupId id, IReadOnlyDictionary<(string Bucket, string Name), ObjectRow> expected)
    {
        var archive = await ArchiveReader.OpenAsync(sink, id, CancellationToken.None);
        var found = new HashSet<(string, string)>();
        await foreach (var entry in archive.ReadIndexAsync("storage/", CancellationToken.None))
        {
            if (entry.Path == EntryPaths.Buckets)
            {
                continue;
            }

            var item = entry.Object!;
            Assert.True(expected.TryGetValue((item.Bucket, item.Name), out var row), $"{item.Bucket}/{item.Name} is no object of then");
            Assert.True(found.Add((item.Bucket, item.Name)), $"{item.Bucket}/{item.Name} is there twice");
            Assert.Equal(row.Id.ToString(), item.Id);
            Assert.Equal(
                (row.Content!.Length, row.Metadata?.ETag, row.Version, row.Metadata?.MimeType, row.Metadata?.CacheControl, row.Metadata?.RobotsTag),
                (entry.RawBytes, item.ETag, item.Version, item.ContentType, item.CacheControl, item.RobotsTag));
            Assert.Equal((row.OwnerId, row.CreatedAt, row.UpdatedAt), (item.OwnerId, item.CreatedAt, item.UpdatedAt));
            Assert.True(IsEqualJson(row.UserMetadata is "{}" ? null : row.UserMetadata, item.UserMetadata), item.UserMetadata);
            await using var content = await archive.OpenEntryAsync(entry, CancellationToken.None);
            Assert.True(await row.Content.EqualsAsync(content), $"{item.Bucket}/{item.Name} has other bytes");
        }

        Assert.Empty(expected.Keys.Except(found));
    }

    /// <summary>Asserts that a server holds exactly these objects: bytes, properties, owners and times.</summary>
    public static void AssertServer(StorageServer server, IReadOnlyDictionary<(string Bucket, string Name), ObjectRow> expected)
    {
        var actual = Of(server);
        Assert.Empty(expected.Keys.Except(actual.Keys));
        Assert.Empty(actual.Keys.Except(expected.Keys));
        foreach (var (key, row) in expected)
        {
            var restored = actual[key];
            Assert.True(row.Content!.ETag == restored.Content!.ETag, $"{key} has other bytes");
            Assert.Equal(
                (row.Metadata!.ETag, row.Metadata.Size, row.Metadata.MimeType, row.Metadata.CacheControl, row.Metadata.RobotsTag),
                (restored.Metadata!.ETag, restored.Metadata.Size, restored.Metadata.MimeType, restored.Metadata.CacheControl, restored.Metadata.RobotsTag));
            Assert.True(IsEqualJson(row.UserMetadata, restored.UserMetadata), restored.UserMetadata);
        }
    }

    // PostgreSQL writes its jsonb with other spaces than the server does.
    private static bool IsEqualJson(string? expected, string? actual) =>
        JsonNode.DeepEquals(JsonNode.Parse(expected ?? "null"), JsonNode.Parse(actual ?? "null"));
}
