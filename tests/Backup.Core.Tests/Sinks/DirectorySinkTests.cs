using Backup.Core.Errors;
using Backup.Core.Sinks;
using Backup.TestKit;
using Backup.TestKit.Contracts;

namespace Backup.Core.Tests.Sinks;

public sealed class DirectorySinkTests : BackupSinkContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override Task<IBackupSink> CreateSinkAsync() =>
        Task.FromResult<IBackupSink>(new DirectorySink(_folder["not/yet/there"]));

    [Fact]
    public void Constructor_Path_TouchesNothing()
    {
        _ = new DirectorySink(_folder["new"]);

        Assert.False(Directory.Exists(_folder["new"]));
    }

    [Fact]
    public void Capabilities_OnTmpfs_SayThatItIsMemory()
    {
        if (OperatingSystem.IsLinux() && Directory.Exists("/dev/shm"))
        {
            var capabilities = new DirectorySink("/dev/shm/backups").Capabilities;

            Assert.True(capabilities.IsInMemory);
            Assert.False(capabilities.IsDurable);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public void Constructor_NoPath_IsTheCallersMistake(string path) =>
        Assert.Throws<ArgumentException>(() => new DirectorySink(path));

    [Fact]
    public async Task Write_SentToTheDiskOnTheWay_IsAllThere()
    {
        var path = _folder["volume"];
        var expected = Enumerable.Range(0, 40_000).Select(number => (byte)(number * 7)).ToArray();
        await using (var writer = new DirectorySinkWriter("volume", path, _folder.Path, new DirectoryFaults(_folder.Path), flushBytes: 1000))
        {
            foreach (var piece in expected.Chunk(300))
            {
                await writer.WriteAsync(piece);
            }

            await writer.CommitAsync();
        }

        Assert.Equal(expected, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Create_RootIsNotThere_FlushesUpToTheFirstFolderThatWas()
    {
        var flushed = new List<string>();
        var sink = new DirectorySink(_folder["not/yet/there"], flushed.Add);
        for (var i = 0; i < 2; i++)
        {
            await using var writer = await sink.CreateAsync($"id/{i}");
        }

        Assert.Equal([_folder.Path, _folder["not"], _folder["not/yet"]], flushed);
    }

    [Fact]
    public async Task Create_FlushOfTheRootFailed_IsASinkFaultAndTriedAgain()
    {
        var flushed = new List<string>();
        var sink = new DirectorySink(_folder["root"], folder =>
        {
            flushed.Add(folder);
            if (flushed.Count == 1)
            {
                throw new IOException("the cable is out");
            }
        });

        await Assert.ThrowsAsync<SinkException>(async () => await sink.CreateAsync("a"));
        await using var writer = await sink.CreateAsync("a");

        Assert.Equal([_folder.Path, _folder.Path], flushed);
    }

    [Fact]
    public async Task Create_WhileWriting_UsesAHiddenFileInTheSameFolder()
    {
        await using (var writer = await Sink.CreateAsync("id/volume-0001.zip"))
        {
            await writer.WriteAsync(new byte[10]);
            Assert.Matches(@"^not/yet/there/id/\.volume-0001\.zip\.[0-9a-f]{16}\.partial$", Assert.Single(_folder.Files));
            await writer.CommitAsync();
        }

        Assert.Equal(["not/yet/there/id/volume-0001.zip"], _folder.Files);
    }

    [Fact]
    public async Task Dispose_NotCommitted_LeavesNeitherFileNorFolder()
    {
        await using (var writer = await Sink.CreateAsync("id/volume-0001.zip"))
        {
            await writer.WriteAsync(new byte[300_000]);
        }

        Assert.Empty(_folder.Files);
        Assert.False(Directory.Exists(_folder["not/yet/there/id"]));
    }

    [Fact]
    public async Task Delete_LastObject_RemovesItsFoldersButNotTheRoot()
    {
        await WriteAsync("a/b/c", [1]);
        await WriteAsync("a/d", [1]);

        await Sink.DeleteAsync("a/b/c");
        Assert.False(Directory.Exists(_folder["not/yet/there/a/b"]));

        await Sink.DeleteAsync("a/d");
        Assert.False(Directory.Exists(_folder["not/yet/there/a"]));
        Assert.True(Directory.Exists(_folder["not/yet/there"]));
    }

    [Fact]
    public async Task List_LeftoversAndForeignFiles_AreNotSeen()
    {
        await WriteAsync("id/volume-0001.zip", [1]);
        foreach (var foreign in new[] { ".volume-0002.zip.0123456789abcdef.partial", "notes on this.txt", ".DS_Store" })
        {
            await File.WriteAllTextAsync(_folder["not/yet/there/id/" + foreign], "x");
        }

        Assert.Equal([new SinkObject("id/volume-0001.zip", 1)], await ListAsync(string.Empty));
    }

    [Fact]
    public async Task Create_LeftoverOfADeadProcess_DoesNotStandInTheWay()
    {
        Directory.CreateDirectory(_folder["not/yet/there/id"]);
        await File.WriteAllTextAsync(_folder["not/yet/there/id/.volume-0001.zip.0123456789abcdef.partial"], "x");

        await WriteAsync("id/volume-0001.zip", [1, 2]);

        Assert.Equal([1, 2], await ReadAsync("id/volume-0001.zip"));
    }

    [Fact]
    public async Task Create_LongestName_FitsTheFileSystem()
    {
        var name = new string('n', SinkObjectName.MaxSegmentLength);

        await WriteAsync(name, [1]);

        Assert.Equal([1], await ReadAsync(name));
    }

    [Fact]
    public async Task AnyCall_RootIsAFile_SaysSo()
    {
        await File.WriteAllTextAsync(_folder["file"], "x");
        foreach (var sink in new[] { new DirectorySink(_folder["file"]), new DirectorySink(_folder["file/below"]) })
        {
            var exceptions = new[]
            {
                await Assert.ThrowsAsync<SinkException>(async () => await sink.CreateAsync("a/b")),
                await Assert.ThrowsAsync<SinkException>(async () => await sink.OpenReadAsync("a/b")),
                await Assert.ThrowsAsync<SinkException>(async () => await sink.ListAsync(string.Empty).GetAsyncEnumerator().MoveNextAsync()),
            };

            Assert.All(exceptions, exception =>
            {
                Assert.Contains("is a file, not a folder", exception.Message, StringComparison.Ordinal);
                Assert.NotNull(exception.Hint);
            });
        }
    }

    [Fact]
    public async Task Create_FolderTakenByAnObject_IsASinkFault()
    {
        await WriteAsync("a", [1]);

        await Assert.ThrowsAsync<SinkException>(async () => await Sink.CreateAsync("a/b"));
        await Assert.ThrowsAsync<SinkException>(async () => await Sink.OpenReadAsync("a/b"));
    }

    [Fact]
    public async Task Create_PlaceThatCannotBeWritten_IsASinkFault()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Nobody creates folders in /proc, not even root.
        var sink = new DirectorySink("/proc/backup-core");

        await Assert.ThrowsAsync<SinkException>(async () => await sink.CreateAsync("a"));
    }

    [Fact]
    public async Task Commit_ManyWritersOfOneName_OneWins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
        {
            try
            {
                await WriteAsync("id/name", [(byte)number]);
                return number;
            }
            catch (SinkException)
            {
                return -1;
            }
        }));

        var winner = Assert.Single(outcomes, number => number >= 0);
        Assert.Equal([(byte)winner], await ReadAsync("id/name"));
        Assert.Single(_folder.Files);
    }
}
