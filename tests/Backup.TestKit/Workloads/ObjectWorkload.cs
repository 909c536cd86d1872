using System.Globalization;
using Backup.TestKit.Storage;

namespace Backup.TestKit.Workloads;

/// <summary>Buckets that downloads and listings are measured on.</summary>
public static class ObjectWorkload
{
    private const int ObjectsPerFolder = 1000;

    /// <summary>Fills a new bucket with the files of <see cref="FileSet"/>: texts, and every third one packed already.</summary>
    /// <returns>The size of all of them.</returns>
    public static async Task<long> PutFilesAsync(StorageServer server, string bucket, int files, int mostBytes)
    {
        await server.State.CreateBucketAsync(bucket);
        var random = new RepeatableRandom(51);
        var objects = Enumerable.Range(0, files)
            .Select(number => (Number: number, Content: FileSet.Make(number, (mostBytes / 2) + random.Next(mostBytes / 2))))
            .Select(file => new NewObject(bucket, FileSet.NameOf(file.Number), StoredContent.Of(file.Content))
            {
                ContentType = FileSet.IsPacked(file.Number) ? "image/jpeg" : "text/plain",
            })
            .ToList();
        await server.State.PutManyAsync(objects);
        return objects.Sum(item => item.Content!.Length);
    }

    /// <summary>Fills a new bucket with a few large objects that no codec can pack and that cost the server no memory.</summary>
    /// <returns>The size of all of them.</returns>
    public static async Task<long> PutLargeAsync(StorageServer server, string bucket, int objects, long bytes)
    {
        await server.State.CreateBucketAsync(bucket);
        await server.State.PutManyAsync(Enumerable.Range(0, objects).Select(number => new NewObject(
            bucket, FormattableString.Invariant($"{number:D3}.mp4"), StoredContent.Generated(number, bytes))
        {
            ContentType = "video/mp4",
        }));
        return objects * bytes;
    }

    /// <summary>Fills a new bucket with empty objects in folders, for listings.</summary>
    public static async Task PutNamesAsync(StorageServer server, string bucket, int objects)
    {
        await server.State.CreateBucketAsync(bucket);
        await server.State.PutManyAsync(Enumerable.Range(0, objects).Select(number => new NewObject(
            bucket,
            string.Create(CultureInfo.InvariantCulture, $"folder-{number / ObjectsPerFolder:D4}/object-{number:D7}.txt"),
            StoredContent.Empty)));
    }
}
