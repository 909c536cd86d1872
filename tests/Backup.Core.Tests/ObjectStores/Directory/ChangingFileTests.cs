using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit;

namespace Backup.Core.Tests.ObjectStores;

/// <summary>Files of a folder that change while they are read.</summary>
public sealed class ChangingFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DirectoryObjectStore _store;

    public ChangingFileTests()
    {
        _store = new DirectoryObjectStore(_folder["store"]);
        Directory.CreateDirectory(_folder["store/b"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_FileGetsShorterWhileItIsRead_Throws()
    {
        await File.WriteAllTextAsync(_folder["store/b/a"], new string('x', 1_000_000));
        await using var content = await _store.OpenReadAsync("b", "a");
        using (var file = new FileStream(_folder["store/b/a"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(500_000);
        }

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => content.Content.CopyToAsync(Stream.Null));

        Assert.Equal(ObjectStoreError.Changed, exception.Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task Open_FileIsWrittenToWhileItIsRead_Throws(int position)
    {
        await File.WriteAllTextAsync(_folder["store/b/a"], new string('x', 1_000_000));
        File.SetLastWriteTimeUtc(_folder["store/b/a"], new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        await using var content = await _store.OpenReadAsync("b", "a");
        await content.Content.ReadExactlyAsync(new byte[1000]);
        using (var file = new FileStream(_folder["store/b/a"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = position;
            file.WriteByte(1);
        }

        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => content.Content.CopyToAsync(Stream.Null));

        Assert.Equal(ObjectStoreError.Changed, exception.Error);
    }

    [Fact]
    public async Task Open_FileIsReplacedWhileItIsRead_GivesTheOldBytes()
    {
        await File.WriteAllTextAsync(_folder["store/b/a"], "old");
        await using var content = await _store.OpenReadAsync("b", "a");

        await _store.PutAsync(new ObjectUpload
        {
            Bucket = "b",
            Name = "a",
            Bytes = 5,
            Overwrite = true,
            OpenContent = _ => ValueTask.FromResult<Stream>(new MemoryStream("newer"u8.ToArray())),
        });

        using var reader = new StreamReader(content.Content);
        Assert.Equal("old", await reader.ReadToEndAsync());
        Assert.NotEqual(content.ETag, (await _store.FindObjectAsync("b", "a"))!.ETag);
    }
}
