using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.TestKit.Storage;
using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>Clerks that store a new file through the API and register it, over and over, until stopped. Stops on dispose.</summary>
public sealed class DocumentClerks : IAsyncDisposable
{
    /// <summary>Far from the numbers of the documents that were there before.</summary>
    public const int FirstNumber = 1_000_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly SupabaseStorageStore _store;
    private readonly Task[] _clerks;
    private int _number;
    private long _documents;

    private DocumentClerks(string connectionString, StorageServer server, int clerks, int firstNumber)
    {
        _number = firstNumber;
        _store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = server.Address, Key = server.ServiceKey });
        _clerks = [.. Enumerable.Range(0, clerks).Select(_ => Task.Run(() => WorkAsync(connectionString)))];
    }

    /// <summary>Documents stored and registered so far.</summary>
    public long Documents => Interlocked.Read(ref _documents);

    /// <summary>Waits until so many documents are registered.</summary>
    public async Task ReachAsync(long documents, CancellationToken cancellationToken = default)
    {
        while (Documents < documents)
        {
            // A clerk that has ended by itself failed: its failure is the answer, not an endless wait.
            await Task.WhenAll(_clerks.Where(clerk => clerk.IsCompleted));
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Waits for the clerks to stop.</summary>
    /// <returns>The number of documents they registered.</returns>
    public async Task<long> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clerks);
        return Documents;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _store.Dispose();
        _stop.Dispose();
    }

    internal static DocumentClerks Start(string connectionString, StorageServer server, int clerks, int firstNumber)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clerks);
        return new DocumentClerks(connectionString, server, clerks, firstNumber);
    }

    private async Task WorkAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        while (!_stop.IsCancellationRequested)
        {
            var document = DocumentRegister.Make(Interlocked.Increment(ref _number));
            await _store.PutAsync(new ObjectUpload
            {
                Bucket = document.Bucket,
                Name = document.Name,
                OpenContent = _ => ValueTask.FromResult(document.Content!.OpenRead()),
                Bytes = document.Content!.Length,
                ContentType = document.ContentType,
                CacheControl = document.CacheControl,
                UserMetadata = document.UserMetadata,
            });
            await DocumentRegister.RegisterAsync(connection, [document]);
            Interlocked.Increment(ref _documents);
        }
    }
}
