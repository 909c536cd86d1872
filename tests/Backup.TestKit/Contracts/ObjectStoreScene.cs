using System.Text;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.TestKit.Storage;
using Xunit;

namespace Backup.TestKit.Contracts;

/// <summary>The store of an <see cref="ObjectStoreContract"/>, one bucket in it, and what the tests do with them.</summary>
public abstract class ObjectStoreScene : IAsyncLifetime
{
    private protected const string Bucket = "photos";
    private protected const string Name = "2026/summer (1)/beach.jpg";

    private IObjectStore? _store;

    /// <summary>The store under test, without buckets at the start of each test.</summary>
    protected IObjectStore Store => _store ?? throw new InvalidOperationException("InitializeAsync has not run.");

    public virtual async Task InitializeAsync() => _store = await CreateStoreAsync();

    public virtual Task DisposeAsync()
    {
        (_store as IDisposable)?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Makes a store without buckets.</summary>
    protected abstract Task<IObjectStore> CreateStoreAsync();

    private protected static ObjectUpload Upload(string name, StoredContent content) => new()
    {
        Bucket = Bucket,
        Name = name,
        Bytes = content.Length,
        OpenContent = _ => ValueTask.FromResult(content.OpenRead()),
    };

    private protected static string Bytes(string name) => Convert.ToHexString(Encoding.UTF8.GetBytes(name));

    private protected static async Task AssertRefusedAsync(ObjectStoreError error, Func<Task> call, string? subject = null)
    {
        var exception = await Assert.ThrowsAsync<ObjectStoreException>(call);
        Assert.Equal(error, exception.Error);
        Assert.StartsWith(subject ?? Bucket, exception.Subject, StringComparison.Ordinal);
        Assert.False(exception.IsTransient);
    }

    private protected static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }

    private protected ValueTask CreateBucketAsync(string id = Bucket) => Store.CreateBucketAsync(new BucketInfo { Id = id, Name = id });

    private protected Task<List<StoredObject>> ListAsync(string prefix = "") => ToListAsync(Store.ListObjectsAsync(Bucket, prefix));

    private protected Task PutAsync(string name, StoredContent content, bool isOverwrite = false) =>
        Store.PutAsync(Upload(name, content) with { Overwrite = isOverwrite }).AsTask();

    private protected async Task<bool> HasContentAsync(string name, StoredContent content)
    {
        await using var opened = await Store.OpenReadAsync(Bucket, name);
        return opened.TotalBytes == content.Length && await content.EqualsAsync(opened.Content);
    }
}
