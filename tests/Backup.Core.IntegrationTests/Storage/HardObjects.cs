using System.Globalization;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Storage;

/// <summary>Objects that are hard to list, to name and to hold: names that the server takes, of all sizes, in nested folders.</summary>
internal static class HardObjects
{
    public const string HugeName = "films/the whole story.bin";
    public const long HugeBytes = 200L * 1024 * 1024;

    private const int FilesPerFolder = 37;
    private const int LargeEvery = 997;
    private const int LargeBytes = 3 * 1024 * 1024;
    private const int SmallBytes = 6000;

    private static readonly string[] Buckets = ["private files", "Public", "public-2"];

    private static readonly string[] Names =
    [
        "a", "a/b", "A/b", "a-1.txt", "report", "report-1.txt", "report.txt", "report/", "x//y.txt", "x/y.txt", " leading/ and trailing ",
        "dots./...and more", "con/aux.txt", "NUL", "50 = 5*10!.txt", "what?.txt", "it's (1) & more;:@$,+.txt", ".emptyFolderPlaceholder",
        "deep/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18/19/20/leaf", "IMG_1.JPG", "img_1.jpg", "Img_1.jpg",
    ];

    /// <summary>Makes the buckets and fills them with so many objects in all.</summary>
    public static async Task FillAsync(StorageState state, int objects, bool withHuge)
    {
        await state.CreateBucketAsync(Buckets[0]);
        await state.CreateBucketAsync(new BucketRow
        {
            Id = Buckets[1],
            Name = Buckets[1],
            IsPublic = true,
            FileSizeLimitBytes = 2 * HugeBytes,
            AllowedMimeTypes = ["text/*", "image/png", "application/octet-stream"],
        });
        await state.CreateBucketAsync(Buckets[2]);
        await state.PutManyAsync(Enumerable.Range(0, objects).Select(Make));
        if (withHuge)
        {
            await state.PutAsync(new NewObject(Buckets[0], HugeName, StoredContent.Generated(1, HugeBytes)));
        }
    }

    private static NewObject Make(int number)
    {
        var bucket = Buckets[number % Buckets.Length];
        var place = number / Buckets.Length;
        var name = place < Names.Length
            ? Names[place]
            : string.Create(CultureInfo.InvariantCulture, $"year {place / 5000}/day-{place / FilesPerFolder}/file-{place % FilesPerFolder}{(place % 3 == 0 ? "" : ".txt")}");
        var content = name.EndsWith("Placeholder", StringComparison.Ordinal) ? StoredContent.Empty
            : number % LargeEvery == 0 ? StoredContent.Pattern(LargeBytes + number)
            : StoredContent.Generated(number, number % 11 == 0 ? 0 : number * 7919L % SmallBytes);
        return new NewObject(bucket, name, content)
        {
            ContentType = (number % 4) switch { 0 => "image/png", 1 => "text/plain;charset=UTF-8", 2 => "text/html", _ => "application/octet-stream" },
            CacheControl = number % 5 == 0 ? "max-age=3600" : "no-cache",
            RobotsTag = number % 13 == 0 ? "noindex, nofollow" : null,
            UserMetadata = number % 3 == 0 ? $$"""{"number": {{number}}, "title": "Straße \"{{number}}\"", "nested": {"list": [1, 2.50, null]} }""" : null,
            OwnerId = number % 7 == 0 ? "0f6f1e4a-6f0c-4a55-9d0e-000000000007" : null,
        };
    }
}
