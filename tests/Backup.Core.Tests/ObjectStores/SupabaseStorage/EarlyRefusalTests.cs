using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

/// <summary>Over HTTP/2 an answer can come while the body is still being sent.</summary>
public sealed class EarlyRefusalTests
{
    private const string Bucket = "photos";
    private const int Bytes = 100_000;

    [Fact]
    public async Task Put_RefusedWhileTheContentIsRead_ClosesNoStreamUnderARead()
    {
        await using var server = await StorageServer.StartAsync(new StorageServerOptions { IsBehindGateway = true, IsHttps = true });
        await server.State.CreateBucketAsync(Bucket);
        var sources = new List<WaitingStream>();
        server.Faults.Add(StorageCall.IsUpload, Fault.Run(() => sources[^1].IsBeingRead), times: 1);
        server.Faults.Add(StorageCall.IsUpload, Fault.Status(500), times: 1);
        using var client = server.CreateClient();
        using var store = new SupabaseStorageStore(client, new SupabaseStorageOptions
        {
            Url = server.Address,
            Key = server.ServiceKey,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        });

        await store.PutAsync(new ObjectUpload
        {
            Bucket = Bucket,
            Name = "a",
            Bytes = Bytes,
            OpenContent = _ =>
            {
                sources.Add(new WaitingStream(isStuck: sources.Count == 0));
                return ValueTask.FromResult<Stream>(sources[^1]);
            },
        });

        Assert.Equal(2, sources.Count);
        Assert.All(sources, source => Assert.Equal((true, false), (source.IsClosed, source.WasClosedUnderARead)));
        Assert.Equal(Bytes, server.State.Find(Bucket, "a")!.Metadata!.Size);
    }

    /// <summary>Zeros; one that is stuck gives half of them and then waits until its read is cancelled, and a little longer.</summary>
    private sealed class WaitingStream(bool isStuck) : MemoryStream(new byte[isStuck ? Bytes / 2 : Bytes])
    {
        private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isReading;

        public Task IsBeingRead => _read.Task;

        public bool IsClosed { get; private set; }

        public bool WasClosedUnderARead { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!isStuck || Position < Length)
            {
                return Read(buffer.Span);
            }

            _isReading = true;
            var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using (cancellationToken.UnsafeRegister(_ => cancelled.SetResult(), null))
            {
                _read.SetResult();
                await cancelled.Task;
            }

            await Task.Yield();
            _isReading = false;
            throw new OperationCanceledException(cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            WasClosedUnderARead |= _isReading;
            base.Dispose(disposing);
        }
    }
}
