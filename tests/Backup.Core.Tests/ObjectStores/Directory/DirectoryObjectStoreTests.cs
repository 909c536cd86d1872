using System.Diagnostics;
using System.Text;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit;

namespace Backup.Core.Tests.ObjectStores;

public sealed class DirectoryObjectStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DirectoryObjectStore _store;

    public DirectoryObjectStoreTests()
    {
        _store = new DirectoryObjectStore(_folder["store"]);
        Directory.CreateDirectory(_folder["store/b"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_NestedFiles_GivesThemInTheOrderOfTheirBytes()
    {
        string[] names = ["a", "b/c.txt", "b-1", "b.txt", "b/c/d", "b!", "ü", "z"];
        foreach (var name in names)
        {
            if (name is not "b/c/d")
            {
                await PutAsync(name);
            }
        }

        Assert.Equal(["a", "b!", "b-1", "b.txt", "b/c.txt", "z", "ü"], await ListAsync());
        Assert.Equal(["b.txt", "b/c.txt"], (await ListAsync("b")).Where(name => name.EndsWith(".txt", StringComparison.Ordinal)));
        Assert.Equal(["b/c.txt"], await ListAsync("b/"));
    }

    [Fact]
    public async Task List_FileWhoseNameIsNoUtf8_IsListedAndCannotBeRead()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await PutAsync("other");
        await RunInBucketAsync("echo x > \"$(printf 'caf\\351.txt')\"");

        Assert.Equal(["caf\uFFFD.txt", "other"], await ListAsync());
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => _store.FindObjectAsync("b", "caf\uFFFD.txt").AsTask());
        Assert.Equal(ObjectStoreError.InvalidName, exception.Error);
        Assert.Null(await _store.FindObjectAsync("b", "tea\uFFFD.txt"));

        // .NET cannot delete it either.
        await RunInBucketAsync("rm caf*");
    }

    [Fact]
    public async Task Read_Pipe_IsEmptyAndWaitsForNobody()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await RunInBucketAsync("mkfifo pipe");

        await using var content = await Task.Run(() => _store.OpenReadAsync("b", "pipe").AsTask()).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(0, content.TotalBytes);
    }

    [Theory]
    [InlineData("x.partial")]
    [InlineData(".hidden")]
    [InlineData(".backup-x.partial")]
    public async Task Put_NameLikeOnesOfOurs_IsAnObjectLikeAnyOther(string name)
    {
        await PutAsync(name);

        Assert.Equal([name], await ListAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("../b")]
    public async Task CreateBucket_NameThatLeadsElsewhere_IsRefused(string bucket)
    {
        var exception = await Record.ExceptionAsync(async () => await _store.CreateBucketAsync(new BucketInfo { Id = bucket, Name = bucket }));

        Assert.True(exception is ArgumentException or ObjectStoreException { Error: ObjectStoreError.InvalidName });
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("folder/")]
    [InlineData(".backup-0123456789abcdef0123456789abcdef.partial")]
    public async Task Put_NameThatNoFileCanHave_IsRefused(string name)
    {
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(name));

        Assert.Equal(ObjectStoreError.InvalidName, exception.Error);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Open_NameOfSeveralLines_FailsInOne()
    {
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync("two\nlines"));

        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal("b/two\nlines", exception.Subject);
    }

    [Fact]
    public async Task Put_SourceFails_LeavesNoFileBehind()
    {
        var upload = Upload("a", "x") with { OpenContent = _ => throw new InvalidDataException("broken") };

        await Assert.ThrowsAsync<InvalidDataException>(async () => await _store.PutAsync(upload));

        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Put_OtherLengthThanAnnounced_IsRefusedAndLeavesTheOldObject()
    {
        await PutAsync("a", "old");

        await Assert.ThrowsAsync<ObjectStoreException>(async () => await _store.PutAsync(Upload("a", "new") with { Bytes = 4, Overwrite = true }));

        Assert.Equal("old", await ReadAsync("a"));
        Assert.Equal(["store/b/a"], _folder.Files);
    }

    [Fact]
    public async Task Put_FolderInTheWay_SaysSo()
    {
        await PutAsync("a/b");

        var folder = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync("a"));
        var file = await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync("a/b/c"));

        Assert.Equal((ObjectStoreError.InvalidName, ObjectStoreError.InvalidName), (folder.Error, file.Error));
        Assert.Contains("is a folder", folder.Message, StringComparison.Ordinal);
        Assert.Contains("is an object", file.Message, StringComparison.Ordinal);
        Assert.Equal(["store/b/a/b"], _folder.Files);
    }

    [Fact]
    public async Task Put_ManyAtOnceWithoutOverwrite_StoresOneOfThem()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => Record.ExceptionAsync(() => PutAsync("a", $"{number}")))));

        Assert.Equal(1, results.Count(result => result is null));
        Assert.All(results.OfType<ObjectStoreException>(), result => Assert.Equal(ObjectStoreError.AlreadyExists, result.Error));
        Assert.Equal(["store/b/a"], _folder.Files);
    }

    [Fact]
    public async Task Links_Anywhere_AreNeitherListedNorFollowed()
    {
        Directory.CreateDirectory(_folder["outside"]);
        await File.WriteAllTextAsync(_folder["outside/secret"], "secret");
        Directory.CreateSymbolicLink(_folder["store/linked"], _folder["outside"]);
        Directory.CreateSymbolicLink(_folder["store/b/folder"], _folder["outside"]);
        File.CreateSymbolicLink(_folder["store/b/file"], _folder["outside/secret"]);
        await PutAsync("real");

        Assert.Equal(["real"], await ListAsync());
        Assert.Equal(["b"], await ToListAsync(_store.ListBucketsAsync(), bucket => bucket.Id));
        foreach (var name in new[] { "file", "folder/secret", "folder/new" })
        {
            Assert.Equal(ObjectStoreError.InvalidName, (await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(name))).Error);
            Assert.Equal(ObjectStoreError.InvalidName, (await Assert.ThrowsAsync<ObjectStoreException>(() => PutAsync(name))).Error);
        }

        Assert.Equal(ObjectStoreError.BucketNotFound, (await Assert.ThrowsAsync<ObjectStoreException>(() => ListAsync(bucket: "linked"))).Error);
        Assert.Equal("secret", await File.ReadAllTextAsync(_folder["outside/secret"]));
        Assert.DoesNotContain("outside/new", _folder.Files);
    }

    [Theory]
    [InlineData("docs/b.txt", "Docs")]
    [InlineData("Docs/A.txt", "a.txt")]
    [InlineData("Docs/a.txt", null)]
    [InlineData("Docs/new.txt", null)]
    [InlineData("other/a.txt", null)]
    public async Task FindTwin_NameThatDiffersInCase_IsTheOneThatIsThere(string name, string? expected)
    {
        await PutAsync("Docs/a.txt");

        Assert.Equal(expected, new BucketFolders(_folder["store"]).FindTwin("b", name));
    }

    [Fact]
    public async Task Open_FolderOrNothing_IsNoObject()
    {
        await PutAsync("a/b");

        foreach (var name in new[] { "a", "none", "none/x" })
        {
            Assert.Equal(ObjectStoreError.ObjectNotFound, (await Assert.ThrowsAsync<ObjectStoreException>(() => ReadAsync(name))).Error);
            Assert.Null(await _store.FindObjectAsync("b", name));
        }
    }

    private async Task RunInBucketAsync(string command)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = _folder["store/b"] })!;
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }

    private static ObjectUpload Upload(string name, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new ObjectUpload
        {
            Bucket = "b",
            Name = name,
            Bytes = bytes.Length,
            OpenContent = _ => ValueTask.FromResult<Stream>(new MemoryStream(bytes)),
        };
    }

    private static async Task<List<TResult>> ToListAsync<T, TResult>(IAsyncEnumerable<T> items, Func<T, TResult> select)
    {
        var list = new List<TResult>();
        await foreach (var item in items)
        {
            list.Add(select(item));
        }

        return list;
    }

    private Task PutAsync(string name, string text = "x") => _store.PutAsync(Upload(name, text)).AsTask();

    private Task<List<string>> ListAsync(string prefix = "", string bucket = "b") =>
        ToListAsync(_store.ListObjectsAsync(bucket, prefix), item => item.Name);

    private async Task<string> ReadAsync(string name)
    {
        await using var content = await _store.OpenReadAsync("b", name);
        using var reader = new StreamReader(content.Content);
        return await reader.ReadToEndAsync();
    }
}
