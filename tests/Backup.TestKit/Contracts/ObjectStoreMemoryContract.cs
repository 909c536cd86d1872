using Backup.TestKit.Storage;
using Xunit;

namespace Backup.TestKit.Contracts;

/// <summary>That a store streams. Classes that derive from this must run alone, for the process's allocations are counted.</summary>
public abstract class ObjectStoreMemoryContract : ObjectStoreScene
{
    private const int LargeBytes = 48 * 1024 * 1024;
    private const int MaxAllocatedBytes = 16 * 1024 * 1024;

    [Fact]
    public async Task PutAndOpen_LargeObject_NeverHoldItWhole()
    {
        await CreateBucketAsync();
        var content = StoredContent.Generated(4, LargeBytes);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await PutAsync(Name, content);
        Assert.True(await HasContentAsync(Name, content));

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, MaxAllocatedBytes);
    }
}
