using Backup.Core.ObjectStores;
using Backup.Core.Restore;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Restore.Files;

/// <summary>Measures the heap of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(FilesMemoryTests), DisableParallelization = true)]
public sealed class FilesMemoryTestsAlone;

[Collection(nameof(FilesMemoryTests))]
public sealed class FilesMemoryTests
{
    private const int Objects = 20_000;
    private const long AllowedBytes = 2 * 1024 * 1024;

    [Fact]
    public async Task RunAsync_ManyObjects_HoldsNoMoreAtTheEndThanAtTheBeginning()
    {
        var backup = new FilesBackup();
        for (var number = 0; number < Objects; number++)
        {
            backup.With("many", $"folder/with/a/long/name/so/that/it/would/show/{number:D8}", "x");
        }

        var sink = await backup.WriteAsync();
        var store = new ForgetfulStore(Objects / 10, Objects * 9 / 10);

        var result = await FilesRestore.RunAsync(sink, store, new RestoreRequest { OnConflict = ConflictPolicy.Overwrite });

        Assert.Equal(Objects, result.FilesUploaded.Objects);
        Assert.InRange(store.HeldBytes[1] - store.HeldBytes[0], long.MinValue, AllowedBytes);
    }

    /// <summary>Reads what it is given, keeps nothing, and looks at the heap at two uploads.</summary>
    private sealed class ForgetfulStore(params int[] looks) : IObjectStore
    {
        private int _uploads;

        public ObjectStoreCapabilities Capabilities { get; } = new() { Location = "nowhere" };

        public List<long> HeldBytes { get; } = [];

        public IAsyncEnumerable<BucketInfo> ListBucketsAsync(CancellationToken cancellationToken = default) => AsyncEnumerable.Empty<BucketInfo>();

        public IAsyncEnumerable<StoredObject> ListObjectsAsync(string bucket, string prefix = "", CancellationToken cancellationToken = default) =>
            AsyncEnumerable.Empty<StoredObject>();

        public ValueTask<StoredObject?> FindObjectAsync(string bucket, string name, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult<StoredObject?>(null);

        public ValueTask<ObjectContent> OpenReadAsync(string bucket, string name, long offset = 0, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async ValueTask PutAsync(ObjectUpload upload, CancellationToken cancellationToken = default)
        {
            await using (var content = await upload.OpenContent(cancellationToken))
            {
                await content.CopyToAsync(Stream.Null, cancellationToken);
            }

            if (looks.Contains(Interlocked.Increment(ref _uploads)))
            {
                HeldBytes.Add(GC.GetTotalMemory(forceFullCollection: true));
            }
        }

        public ValueTask CreateBucketAsync(BucketInfo bucket, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
