using System.IO.Pipelines;
using Backup.Core.Archives;
using Backup.Core.Compression;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Sharding.Execution;
using Backup.Core.Sharding.Planning;
using Backup.Core.Sharding.Processes;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Backup.Core.Tests.Sharding;

public sealed class BackupWorkerTests : IAsyncDisposable
{
    private static readonly InMemoryTable Table = new("t", [.. Enumerable.Range(1, 9).Select(n => InMemoryTable.Rows(n, 50))]);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly InMemoryRowSource _source = new(Table);
    private readonly InMemorySink _sink = new();
    private readonly Pipe _toWorker = new();
    private readonly Pipe _fromWorker = new();
    private readonly MessageStream _coordinator;
    private readonly Task _work;

    public BackupWorkerTests()
    {
        var parts = new PipelineParts(_source, null, _sink, new NoCompressor(), new BackupOptions(), NullLogger.Instance, TimeProvider.System);
        _coordinator = new MessageStream(_fromWorker.Reader.AsStream(), _toWorker.Writer.AsStream());
        _work = new BackupWorker(parts, null).RunAsync(_toWorker.Reader.AsStream(), _fromWorker.Writer.AsStream());
    }

    public async ValueTask DisposeAsync()
    {
        await _toWorker.Writer.CompleteAsync();
        await _work.WaitAsync(Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _coordinator.Dispose();
    }

    [Fact]
    public async Task RunAsync_Order_IsDoneUnderTheNumbersGiven()
    {
        Assert.Equal(BackupRun.Program, (await NextAsync()).Ready);

        var result = (await DoAsync(Order())).Result!;

        Assert.Equal(["volume-0007.zip"], result.Volumes.Select(volume => volume.Name));
        Assert.Equal(["index-0007.ndjson.gz"], result.IndexParts.Select(part => part.Name));
        Assert.Equal(new ShardTableResult(2, Table.Blocks[2..6].Sum(block => block.Count(value => value == '\n')), result.RawBytes), Assert.Single(result.Tables));
        Assert.Equal(result.RawBytes, Table.Blocks[2..6].Sum(block => block.Length));
    }

    [Fact]
    public async Task RunAsync_OrderFails_SaysWhyAndLeavesNothing()
    {
        _source.OnRead = number => throw new DatabaseException("No.") { SqlState = "XX001", Hint = "Mend it." };
        _ = await NextAsync();

        var fault = (await DoAsync(Order())).Fault!.ToException();

        Assert.Equal(("No.", "XX001", "Mend it."), (fault.Message, ((DatabaseException)fault).SqlState, fault.Hint));
        Assert.Empty(await RunScene.NamesAsync(_sink));
    }

    [Fact]
    public async Task RunAsync_CoordinatorIsGone_EndsAndLeavesNothing()
    {
        var isReading = new TaskCompletionSource();
        _source.Hang = token =>
        {
            isReading.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        _ = await NextAsync();
        await _coordinator.SendAsync(new WorkerMessage { Order = Order() }, CancellationToken.None);
        await isReading.Task.WaitAsync(Limit);

        await _toWorker.Writer.CompleteAsync();
        await _work.WaitAsync(Limit);

        Assert.Equal(0, _source.Open);
        Assert.Empty(await RunScene.NamesAsync(_sink));
    }

    [Fact]
    public async Task RunAsync_NoMessage_Fails()
    {
        _ = await NextAsync();
        await _toWorker.Writer.WriteAsync("hello\n"u8.ToArray());

        await Assert.ThrowsAsync<WorkerException>(() => _work.WaitAsync(Limit));
    }

    private async Task<WorkerMessage> NextAsync() => (await _coordinator.ReceiveAsync(CancellationToken.None).AsTask().WaitAsync(Limit))!;

    // Answers until the shard is done, or has failed.
    private async Task<WorkerMessage> DoAsync(ShardOrder order)
    {
        await _coordinator.SendAsync(new WorkerMessage { Order = order }, CancellationToken.None);
        while (true)
        {
            var message = await NextAsync();
            if (message.Wants is not null)
            {
                await _coordinator.SendAsync(new WorkerMessage { Number = 7 }, CancellationToken.None);
            }
            else if (message.Counts is null)
            {
                return message;
            }
        }
    }

    private static ShardOrder Order() => new()
    {
        Run = BackupId.Create(DateTimeOffset.UnixEpoch),
        Attempt = 1,
        Snapshot = new("memory", new()
        {
            DatabaseName = "memory",
            ServerVersion = "15.1",
            ServerVersionNumber = 150001,
            Encoding = "UTF8",
            TakenAt = DateTimeOffset.UnixEpoch,
            Lsn = null,
            IsStandby = false,
        }),
        Options = new BackupOptions { Codec = "none", Connections = 1, CompressionWorkers = 1, Retries = { MaxAttempts = 1 } },
        Shard = new Shard
        {
            Id = 3,
            EstimatedBytes = 1,
            Tables =
            [
                new ShardTable
                {
                    Info = Table.ToInfo(0),
                    Folder = "database/data/public.t/",
                    HeapBlocks = 9,
                    PageBlocks = 2,
                    FirstPage = 2,
                    EndPage = 4,
                    Fraction = 0.4,
                },
            ],
        },
    };
}
