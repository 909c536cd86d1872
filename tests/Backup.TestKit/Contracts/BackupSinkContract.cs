using Backup.Core.Errors;
using Backup.Core.Sinks;
using Xunit;

namespace Backup.TestKit.Contracts;

/// <summary>What every <see cref="IBackupSink"/> promises. Each implementation and each decorator has a test class that derives from this.</summary>
public abstract class BackupSinkContract : IAsyncLifetime
{
    private const string Name = "20261122T031500Z-7f3a/volume-0001.zip";

    private static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(number => (byte)(number * 7))];

    private IBackupSink? _sink;

    /// <summary>The sink under test, empty at the start of each test.</summary>
    protected IBackupSink Sink => _sink ?? throw new InvalidOperationException("InitializeAsync has not run.");

    public virtual async Task InitializeAsync() => _sink = await CreateSinkAsync();

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Makes an empty sink.</summary>
    protected abstract Task<IBackupSink> CreateSinkAsync();

    [Fact]
    public void Capabilities_Always_NameThePlace()
    {
        Assert.NotEmpty(Sink.Capabilities.Location);
        Assert.Equal(Sink.Capabilities, Sink.Capabilities);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public async Task Commit_AnyLength_ReadsBackTheSame(int bytes)
    {
        await WriteAsync(Name, Content[..bytes]);

        Assert.Equal(Content[..bytes], await ReadAsync(Name));
        Assert.Equal([new SinkObject(Name, bytes)], await ListAsync(string.Empty));
    }

    [Fact]
    public async Task Write_BufferReusedAfterwards_KeepsWhatWasWritten()
    {
        await using (var writer = await Sink.CreateAsync(Name))
        {
            var buffer = new byte[1000];
            for (var start = 0; start < Content.Length; start += buffer.Length)
            {
                Content.AsSpan(start, buffer.Length).CopyTo(buffer);
                await writer.WriteAsync(buffer);
                buffer.AsSpan().Clear();
            }

            await writer.CommitAsync();
        }

        Assert.Equal(Content, await ReadAsync(Name));
    }

    [Fact]
    public async Task Create_NotCommitted_IsInvisible()
    {
        await using var writer = await Sink.CreateAsync(Name);
        await writer.WriteAsync(Content);

        Assert.Empty(await ListAsync(string.Empty));
        var exception = await Assert.ThrowsAsync<SinkException>(async () => await Sink.OpenReadAsync(Name));
        Assert.True(exception.IsNotFound);
    }

    [Fact]
    public async Task Dispose_NotCommitted_LeavesNothingAndTheNameFree()
    {
        await using (var writer = await Sink.CreateAsync(Name))
        {
            await writer.WriteAsync(Content);
        }

        Assert.Empty(await ListAsync(string.Empty));
        await WriteAsync(Name, [1, 2, 3]);
        Assert.Equal([1, 2, 3], await ReadAsync(Name));
    }

    [Fact]
    public async Task Dispose_Twice_IsHarmless()
    {
        var writer = await Sink.CreateAsync(Name);
        await writer.CommitAsync();
        await writer.DisposeAsync();
        await writer.DisposeAsync();

        Assert.Single(await ListAsync(string.Empty));
    }

    [Fact]
    public async Task Create_NameIsTaken_ThrowsAndKeepsTheFirst()
    {
        await WriteAsync(Name, [1]);

        var exception = await Assert.ThrowsAsync<SinkException>(() => WriteAsync(Name, [2]));

        Assert.True(exception.IsAlreadyExists);
        Assert.False(exception.IsNotFound);
        Assert.Equal([1], await ReadAsync(Name));
    }

    [Fact]
    public async Task Commit_AnotherCommittedTheNameMeanwhile_ThrowsAndKeepsTheFirst()
    {
        await using var first = await Sink.CreateAsync(Name);
        await using var second = await Sink.CreateAsync(Name);
        await first.WriteAsync(new byte[] { 1 });
        await second.WriteAsync(new byte[] { 2 });
        await first.CommitAsync();

        var exception = await Assert.ThrowsAsync<SinkException>(async () => await second.CommitAsync());
        await second.DisposeAsync();

        Assert.Equal(Name, exception.Subject);
        Assert.True(exception.IsAlreadyExists);
        Assert.Equal([1], await ReadAsync(Name));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(99_990, 10)]
    [InlineData(99_990, 1000)]
    [InlineData(50_000, 0)]
    [InlineData(100_000, 10)]
    [InlineData(200_000, 10)]
    [InlineData(7, null)]
    [InlineData(3, int.MaxValue)]
    public async Task OpenRead_Range_GivesWhatTheObjectHasOfIt(int offset, int? length)
    {
        await WriteAsync(Name, Content);

        var expected = Content.Skip(offset).Take(length ?? Content.Length).ToArray();
        Assert.Equal(expected, await ReadAsync(Name, offset, length));
    }

    [Fact]
    public async Task OpenRead_RangeToTheEndOfTheNumbers_GivesTheRest()
    {
        await WriteAsync(Name, Content);

        Assert.Equal(Content[5..], await ReadAsync(Name, 5, long.MaxValue));
    }

    [Fact]
    public async Task OpenRead_NegativeRange_IsTheCallersMistake()
    {
        await WriteAsync(Name, Content);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Sink.OpenReadAsync(Name, -1));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await Sink.OpenReadAsync(Name, 0, -1));
    }

    [Fact]
    public async Task OpenRead_NoSuchObject_ThrowsNotFoundThatNamesIt()
    {
        var exception = await Assert.ThrowsAsync<SinkException>(async () => await Sink.OpenReadAsync(Name));

        Assert.True(exception.IsNotFound);
        Assert.False(exception.IsAlreadyExists);
        Assert.Equal(Name, exception.Subject);
    }

    [Fact]
    public async Task List_ManyNames_IsOrdinalAndByPrefix()
    {
        // '-' and '.' sort before '/', letters and digits after it: a walk by folder must still come out in order.
        string[] names = ["a/b/c", "a/b.zip", "a/b-1", "a/b0", "a/c", "a-b/x", "a.b/x", "a0", "B", "b", "a/b/a"];
        foreach (var name in names)
        {
            await WriteAsync(name, [1]);
        }

        foreach (var prefix in new[] { "", "a", "a/", "a/b", "a/b/", "a-", "B", "c", "a/b/c", "a/b/c/d" })
        {
            var expected = names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
            Assert.Equal(expected, (await ListAsync(prefix)).Select(item => item.Name));
        }
    }

    [Fact]
    public async Task List_EmptySink_IsEmpty() => Assert.Empty(await ListAsync(string.Empty));

    [Fact]
    public async Task Delete_CommittedObject_IsGoneAndOthersStay()
    {
        await WriteAsync(Name, Content);
        await WriteAsync("20261122T031500Z-7f3a/manifest.json", [1]);

        await Sink.DeleteAsync(Name);

        Assert.Equal(["20261122T031500Z-7f3a/manifest.json"], (await ListAsync(string.Empty)).Select(item => item.Name));
        await Assert.ThrowsAsync<SinkException>(async () => await Sink.OpenReadAsync(Name));
    }

    [Fact]
    public async Task Delete_NoSuchObject_Succeeds()
    {
        await Sink.DeleteAsync(Name);
        await Sink.DeleteAsync("x");
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("/etc/passwd")]
    [InlineData(".hidden")]
    [InlineData("a//b")]
    [InlineData("")]
    public async Task AnyCall_NameOutsideTheGrammar_IsTheCallersMistake(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await Sink.CreateAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Sink.OpenReadAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Sink.DeleteAsync(name));
    }

    [Fact]
    public async Task AnyCall_AlreadyCancelled_ThrowsWithTheCallersToken()
    {
        await WriteAsync(Name, Content);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        await AssertCancelledAsync(async () => await Sink.CreateAsync("other", source.Token));
        await AssertCancelledAsync(async () => await Sink.OpenReadAsync(Name, cancellationToken: source.Token));
        await AssertCancelledAsync(async () => await Sink.DeleteAsync(Name, source.Token));
        await AssertCancelledAsync(async () =>
        {
            await foreach (var item in Sink.ListAsync(string.Empty, source.Token))
            {
                Assert.Fail($"Listed {item.Name} though it was cancelled.");
            }
        });
        await using var writer = await Sink.CreateAsync("other");
        await AssertCancelledAsync(async () => await writer.WriteAsync(Content, source.Token));

        async Task AssertCancelledAsync(Func<Task> call)
        {
            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
            Assert.Equal(source.Token, exception.CancellationToken);
        }
    }

    [Fact]
    public async Task AllCalls_FromManyThreadsForDifferentObjects_KeepThemApart()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), async (number, cancellationToken) =>
        {
            var name = $"backup-{number % 4}/object-{number}";
            await WriteAsync(name, Content[..(number * 10)]);
            Assert.Equal(Content[..(number * 10)], await ReadAsync(name));
            if (number % 2 == 0)
            {
                await Sink.DeleteAsync(name, cancellationToken);
            }
        });

        Assert.Equal(20, (await ListAsync(string.Empty)).Count);
    }

    /// <summary>Writes one object whole.</summary>
    protected async Task WriteAsync(string name, byte[] bytes)
    {
        await using var writer = await Sink.CreateAsync(name);
        await writer.WriteAsync(bytes);
        await writer.CommitAsync();
    }

    /// <summary>Reads one object, or a range of it.</summary>
    protected async Task<byte[]> ReadAsync(string name, long offset = 0, long? length = null)
    {
        await using var stream = await Sink.OpenReadAsync(name, offset, length);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>Lists to the end.</summary>
    protected async Task<List<SinkObject>> ListAsync(string prefix)
    {
        var items = new List<SinkObject>();
        await foreach (var item in Sink.ListAsync(prefix))
        {
            items.Add(item);
        }

        return items;
    }
}
