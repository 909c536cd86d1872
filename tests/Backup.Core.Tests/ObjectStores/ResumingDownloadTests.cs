using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores;

public sealed class ResumingDownloadTests
{
    private const int MaxResumes = 3;

    private static readonly StoredContent Content = StoredContent.Generated(1, 300_000);

    [Fact]
    public async Task Read_TransferBreaksOff_GoesOnWithTheNextByte()
    {
        var store = new BrokenStore(Content, breaksAfter: [100_000, 50_000]);

        Assert.Equal(Content.ETag, await ReadAsync(store));
        Assert.Equal([0, 100_000, 150_000], store.Offsets);
    }

    [Fact]
    public async Task Read_BreaksOffTooOften_GivesTheLastFailure()
    {
        var store = new BrokenStore(Content, breaksAfter: [10, 10, 10, 10, 10]);

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(store));

        Assert.True(exception.IsTransient);
        Assert.Equal([0, 10, 20, 30], store.Offsets);
    }

    [Fact]
    public async Task Read_LargeObjectOnABadLine_EndsAllTheSame()
    {
        var large = StoredContent.Generated(2, 50_000_000);
        var store = new BrokenStore(large, breaksAfter: [9_000_000, 9_000_000, 9_000_000, 9_000_000, 9_000_000]);

        Assert.Equal(large.ETag, await ReadAsync(store));
    }

    [Fact]
    public async Task Read_OtherETagOnResume_IsAnErrorAndNoMixture()
    {
        var store = new BrokenStore(Content, breaksAfter: [100_000]) { ETagOnResume = "\"other\"" };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(store));

        Assert.Equal(ObjectStoreError.Changed, exception.Error);
        Assert.Contains("\"other\"", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_RangeNoLongerThereOnResume_SaysThatItChanged()
    {
        var store = new BrokenStore(Content, breaksAfter: [100_000]) { StatusOnResume = 416 };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(store));

        Assert.Equal(ObjectStoreError.Changed, exception.Error);
    }

    [Fact]
    public async Task Read_NoETag_DoesNotResumeInMidBody()
    {
        var store = new BrokenStore(Content, breaksAfter: [100_000]) { HasETag = false };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(store));

        Assert.Equal(ObjectStoreError.Unavailable, exception.Error);
        Assert.Equal([0], store.Offsets);
    }

    [Fact]
    public async Task Read_NoETagAndBreaksOffBeforeTheFirstByte_StartsOver()
    {
        var store = new BrokenStore(Content, breaksAfter: [0]) { HasETag = false };

        Assert.Equal(Content.ETag, await ReadAsync(store));
    }

    [Fact]
    public async Task Read_BreaksOffAfterTheLastByte_AsksForNothingMore()
    {
        var store = new BrokenStore(Content, breaksAfter: [300_000]);

        Assert.Equal(Content.ETag, await ReadAsync(store));
        Assert.Equal([0], store.Offsets);
    }

    [Fact]
    public async Task Read_KeyExpiresBetween_IsReportedAtOnce()
    {
        var store = new BrokenStore(Content, breaksAfter: [100_000]) { StatusOnResume = 403 };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(store));

        Assert.Equal(ObjectStoreError.AccessDenied, exception.Error);
        Assert.Equal([0, 100_000], store.Offsets);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Read_StreamOfAnotherLength_IsAnError(int difference)
    {
        var store = new BrokenStore(Content, breaksAfter: []) { AnnouncedDifference = difference };

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(store));

        Assert.Contains("as announced", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_EmptyObject_EndsWithoutARange()
    {
        var store = new BrokenStore(StoredContent.Empty, breaksAfter: []);

        Assert.Equal(StoredContent.Empty.ETag, await ReadAsync(store));
        Assert.Equal([0], store.Offsets);
    }

    private static async Task<string> ReadAsync(IObjectStore store)
    {
        await using var download = await ResumingDownload.OpenAsync(store, "b", "n", MaxResumes, default);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await download.ReadAsync(buffer, default)) > 0)
        {
            bytes.Write(buffer, 0, read);
        }

        Assert.Equal(download.TotalBytes, bytes.Length);
        return StoredContent.Of(bytes.ToArray()).ETag;
    }
}
