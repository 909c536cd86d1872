using System.Globalization;
using Backup.TestKit.Storage;

namespace Backup.Core.IntegrationTests.Incremental;

/// <summary>Buckets whose objects are changed at random in every way that there is.</summary>
/// <param name="state">The store.</param>
/// <param name="random">What is changed next.</param>
internal sealed class ChangingObjects(StorageState state, Random random)
{
    private const int Objects = 60;
    private static readonly string[] Buckets = ["photos", "papers"];
    private int _made;

    /// <summary>Makes buckets and objects.</summary>
    public async Task CreateAsync()
    {
        foreach (var bucket in Buckets)
        {
            await state.CreateBucketAsync(bucket);
        }

        for (var number = 0; number < Objects; number++)
        {
            await AddAsync();
        }
    }

    /// <summary>Makes one change of each kind.</summary>
    public async Task ChangeAsync()
    {
        await AddAsync();
        var replaced = Some();
        await PutAsync(replaced.BucketId, replaced.Name, replaced.Content!.Length);
        var resized = Some();
        await PutAsync(resized.BucketId, resized.Name, resized.Content!.Length + 1);
        var renamed = Some();
        await PutSameAsync(renamed, renamed.BucketId, $"renamed/{renamed.Name}");
        var moved = Some();
        await PutSameAsync(moved, Buckets.First(bucket => bucket != moved.BucketId), $"moved/{moved.Name}");
        var deleted = Some();
        await state.DeleteAsync(deleted.BucketId, deleted.Name);
        var again = Some();
        await state.DeleteAsync(again.BucketId, again.Name);
        await PutAsync(again.BucketId, again.Name, again.Content!.Length);
    }

    private ObjectRow Some()
    {
        var all = Buckets.SelectMany(bucket => state.Objects(bucket)).ToList();
        return all[random.Next(all.Count)];
    }

    private Task<ObjectRow> AddAsync() => PutAsync(
        Buckets[random.Next(Buckets.Length)],
        string.Create(CultureInfo.InvariantCulture, $"folder {random.Next(5)}/{++_made}.bin"),
        random.Next(0, 30_000));

    private Task<ObjectRow> PutAsync(string bucket, string name, long bytes) =>
        state.PutAsync(new NewObject(bucket, name, StoredContent.Generated(random.Next(), bytes)));

    private async Task PutSameAsync(ObjectRow row, string bucket, string name)
    {
        await state.DeleteAsync(row.BucketId, row.Name);
        await state.PutAsync(new NewObject(bucket, name, row.Content));
    }
}
