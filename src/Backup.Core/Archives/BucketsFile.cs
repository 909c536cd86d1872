using System.Text.Encodings.Web;
using System.Text.Json;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Archives;

/// <summary>Writes and reads <see cref="EntryPaths.Buckets"/>: the settings of the buckets. docs/format.md specifies it.</summary>
internal static class BucketsFile
{
    private const int BufferBytes = 64 * 1024;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    /// <summary>Writes the file.</summary>
    /// <param name="output">Where to; stays open.</param>
    /// <param name="buckets">The buckets.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <exception cref="ArchiveFormatException">There are more buckets than the format allows, or two of one id.</exception>
    public static async Task WriteAsync(Stream output, IReadOnlyList<BucketInfo> buckets, CancellationToken cancellationToken)
    {
        var settings = buckets.OrderBy(bucket => bucket.Id, StringComparer.Ordinal).Select(BucketSettings.Of).ToList();
        ThrowIfFaulty(settings);
        using var file = new MemoryStream();
        var writer = new Utf8JsonWriter(file, WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            JsonSerializer.Serialize(writer, settings, BucketsJson.Default.ListBucketSettings);
        }

        file.Write("\n"u8);
        ThrowIfTooLarge(file.Length);
        await output.WriteAsync(file.GetBuffer().AsMemory(0, (int)file.Length), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the file.</summary>
    /// <param name="input">Its bytes; stays open.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The buckets, as they are listed.</returns>
    /// <exception cref="ArchiveFormatException">It is larger than the format allows or is no list of buckets.</exception>
    public static async Task<IReadOnlyList<BucketInfo>> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        using var file = await ReadWholeAsync(input, cancellationToken).ConfigureAwait(false);
        try
        {
            var settings = JsonSerializer.Deserialize(
                file.GetBuffer().AsSpan(0, (int)file.Length), BucketsJson.Default.ListBucketSettings);
            ThrowIfFaulty(settings);
            return [.. settings!.Select(bucket => bucket.ToBucket())];
        }
        catch (JsonException exception)
        {
            throw Damaged($"is no list of buckets: {exception.Message}", exception);
        }
    }

    private static async Task<MemoryStream> ReadWholeAsync(Stream input, CancellationToken cancellationToken)
    {
        var file = new MemoryStream();
        var buffer = new byte[BufferBytes];
        while (await input.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
        {
            ThrowIfTooLarge(file.Length + count);
            file.Write(buffer, 0, count);
        }

        return file;
    }

    private static void ThrowIfTooLarge(long bytes)
    {
        if (bytes > ArchiveLimits.MaxBucketsFileBytes)
        {
            throw Damaged($"has more than {ArchiveLimits.MaxBucketsFileBytes} bytes");
        }
    }

    private static void ThrowIfFaulty(List<BucketSettings>? settings)
    {
        if (settings is not { Count: <= ArchiveLimits.MaxBuckets })
        {
            throw Damaged($"lists no buckets, or more than {ArchiveLimits.MaxBuckets}");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var bucket in settings)
        {
            if (bucket is null || bucket.FileSizeLimit < 0 || bucket.AllowedMimeTypes?.Contains(null!) == true || !ids.Add(bucket.Id))
            {
                throw Damaged($"describes the bucket '{bucket?.Id}' wrongly or twice");
            }
        }
    }

    private static ArchiveFormatException Damaged(string what, Exception? exception = null) =>
        new($"{EntryPaths.Buckets} {what}.", exception) { Subject = EntryPaths.Buckets };
}
