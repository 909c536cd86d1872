using System.Text;
using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;

namespace Backup.Core.Tests.Archives;

public sealed class BucketsFileTests
{
    private static readonly BucketInfo Avatars = new()
    {
        Id = "avatars",
        Name = "Avatäre",
        IsPublic = true,
        FileSizeLimitBytes = 5_000_000_000,
        AllowedMediaTypes = ["image/*", "text/plain"],
        OwnerId = "0b2d4c1e-6f3a-4f8e-9a57-1f2e3d4c5b6a",
        CreatedAt = new DateTimeOffset(2026, 11, 22, 3, 15, 0, 123, 456, TimeSpan.Zero),
        UpdatedAt = new DateTimeOffset(2026, 11, 22, 3, 15, 1, TimeSpan.Zero),
    };

    [Fact]
    public async Task ReadAsync_WhatWriteGave_IsTheSameBucketsInOrder()
    {
        var plain = new BucketInfo { Id = "Zoo", Name = "Zoo" };

        var read = await ReadAsync(await WriteAsync(Avatars, plain));

        Assert.Equal(["Zoo", "avatars"], read.Select(bucket => bucket.Id));
        Assert.Equal(plain, read[0]);
        Assert.Equal(Avatars.AllowedMediaTypes, read[1].AllowedMediaTypes);
        Assert.Equal(Avatars, read[1] with { AllowedMediaTypes = Avatars.AllowedMediaTypes });
    }

    [Fact]
    public async Task WriteAsync_Bucket_IsWrittenAsSpecified() =>
        Assert.Equal(
            """
            [
              {
                "id": "avatars",
                "name": "Avatäre",
                "public": true,
                "fileSizeLimit": 5000000000,
                "allowedMimeTypes": [
                  "image/*",
                  "text/plain"
                ],
                "owner": "0b2d4c1e-6f3a-4f8e-9a57-1f2e3d4c5b6a",
                "createdAt": "2026-11-22T03:15:00.123456+00:00",
                "updatedAt": "2026-11-22T03:15:01+00:00"
              }
            ]

            """.ReplaceLineEndings("\n"),
            Encoding.UTF8.GetString(await WriteAsync(Avatars)));

    [Fact]
    public async Task WriteAsync_NoBuckets_IsAnEmptyList() => Assert.Empty(await ReadAsync(await WriteAsync()));

    [Fact]
    public async Task WriteAsync_TwoBucketsOfOneId_Throws() =>
        await Assert.ThrowsAsync<ArchiveFormatException>(() => WriteAsync(Avatars, Avatars));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("""[{"id":"a"}]""")]
    [InlineData("""[{"id":null,"name":"a"}]""")]
    [InlineData("""[{"id":"a","name":"a"},{"id":"a","name":"b"}]""")]
    [InlineData("""[{"id":"a","name":"a","name":"b"}]""")]
    [InlineData("""[{"id":"a","name":"a","fileSizeLimit":-1}]""")]
    [InlineData("""[{"id":"a","name":"a","allowedMimeTypes":[null]}]""")]
    [InlineData("""[{"id":"a","name":"a","public":"yes"}]""")]
    [InlineData("""[{"id":"a","name":"a","createdAt":"yesterday"}]""")]
    [InlineData("""[{"id":"a","name":"a"}""")]
    public async Task ReadAsync_NoListOfBuckets_Throws(string text)
    {
        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => ReadAsync(Encoding.UTF8.GetBytes(text)));

        Assert.Equal(EntryPaths.Buckets, exception.Subject);
    }

    [Fact]
    public async Task ReadAsync_UnknownProperty_IsPassedOver() =>
        Assert.Equal("a", Assert.Single(await ReadAsync("""[{"id":"a","later":[{}],"name":"b"}]"""u8.ToArray())).Id);

    [Fact]
    public async Task ReadAsync_EndlessFile_ThrowsAtTheLimit()
    {
        var file = new MemoryStream(Encoding.UTF8.GetBytes(new string(' ', ArchiveLimits.MaxBucketsFileBytes + 1)));

        Assert.Contains("more than", (await Assert.ThrowsAsync<ArchiveFormatException>(
            () => BucketsFile.ReadAsync(file, CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> WriteAsync(params BucketInfo[] buckets)
    {
        using var file = new MemoryStream();
        await BucketsFile.WriteAsync(file, buckets, CancellationToken.None);
        return file.ToArray();
    }

    private static Task<IReadOnlyList<BucketInfo>> ReadAsync(byte[] file) =>
        BucketsFile.ReadAsync(new MemoryStream(file), CancellationToken.None);
}
