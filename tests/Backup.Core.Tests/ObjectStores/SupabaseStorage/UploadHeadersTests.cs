using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class UploadHeadersTests
{
    private static readonly Uri Address = new("http://host/object/b/n");
    private static readonly ObjectUpload Upload = new() { Bucket = "b", Name = "n", Bytes = 0, OpenContent = _ => ValueTask.FromResult(Stream.Null) };

    [Theory]
    [InlineData("max-age=3600")]
    [InlineData("3600")]
    [InlineData("public, max-age=60,immutable ;x")]
    public void From_CacheControl_IsSentAsItWasStored(string cacheControl)
    {
        using var request = new HttpRequestMessage();

        From(Upload with { CacheControl = cacheControl }).AddTo(request.Headers);

        Assert.Equal(cacheControl, request.Headers.NonValidated["Cache-Control"].ToString());
    }

    [Fact]
    public void From_NothingGiven_LeavesTheServersDefaults()
    {
        using var request = new HttpRequestMessage();

        var headers = From(Upload);
        headers.AddTo(request.Headers);

        Assert.Equal("application/octet-stream", headers.ContentType);
        Assert.Equal(["x-upsert"], request.Headers.NonValidated.Select(header => header.Key));
        Assert.Equal("false", request.Headers.NonValidated["x-upsert"].ToString());
    }

    [Fact]
    public void From_MoreThanARequestCarries_IsRefusedBeforeAnythingIsSent()
    {
        var metadata = $$"""{"k":"{{new string('v', 12_000)}}"}""";

        var exception = Assert.Throws<ObjectStoreException>(() => From(Upload with { UserMetadata = metadata }));

        Assert.Equal(ObjectStoreError.TooLarge, exception.Error);
        Assert.Contains("16384", exception.Message, StringComparison.Ordinal);
        Assert.Contains("SQL", exception.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "[1,2]")]
    [InlineData(null, null, "\"text\"")]
    [InlineData(null, null, "no json")]
    [InlineData("text/ünknown", null, null)]
    [InlineData("text/plain\r\nx: y", null, null)]
    [InlineData(null, "max-age=1\n", null)]
    public void From_WhatNoHeaderCanHold_IsRefused(string? contentType, string? cacheControl, string? metadata)
    {
        var upload = Upload with { ContentType = contentType, CacheControl = cacheControl, UserMetadata = metadata };

        var exception = Assert.Throws<ObjectStoreException>(() => From(upload));

        Assert.False(exception.IsTransient);
        Assert.NotNull(exception.Hint);
    }

    private static UploadHeaders From(ObjectUpload upload) => UploadHeaders.From(upload, Address, StorageKey.Parse("key"), "upload 'n' to bucket 'b'");
}
