using Backup.Core.Archives.Manifest;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Incremental;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Pipeline.Incremental;

public sealed class SourceIdentityTests
{
    [Theory]
    [InlineData("shop", 5u, "7", "shop", 5u, "7", true)]
    [InlineData("shop", 5u, "7", "store", 5u, "7", true)]
    [InlineData("shop", 5u, "7", "shop", 6u, "7", false)]
    [InlineData("shop", 5u, "7", "shop", 5u, "8", false)]
    [InlineData("shop", 5u, null, "shop", 5u, "8", true)]
    [InlineData("shop", 5u, null, "shop", 6u, "8", false)]
    [InlineData("shop", 5u, null, "store", 5u, null, false)]
    [InlineData("shop", 5u, "7", "shop", null, null, true)]
    [InlineData("shop", null, null, "shop", 5u, "7", true)]
    [InlineData("shop", 5u, "7", "store", null, null, false)]
    public void FindDifference_Database_GoesByNumbersWhereBothAreKnown(
        string name, uint? oid, string? server, string heldName, uint? heldOid, string? heldServer, bool isSame)
    {
        var manifest = Manifest() with { Database = Database(heldName, heldOid, heldServer) };

        Assert.Equal(isSame, new SourceIdentity(name, oid, server, null).FindDifference(manifest) is null);
    }

    [Theory]
    [InlineData("shop", null, false)]
    [InlineData(null, "https://a", false)]
    [InlineData(null, "https://b", true)]
    [InlineData(null, null, true)]
    public void FindDifference_Lanes_AllThatTheRunHasMustBeHeld(string? database, string? store, bool isSame)
    {
        var manifest = Manifest() with
        {
            Storage = new StorageSection { Location = "https://b", Listing = ObjectListingMethod.Store, Buckets = [] },
        };

        Assert.Equal(isSame, new SourceIdentity(database, 1, "7", store).FindDifference(manifest) is null);
    }

    private static BackupManifest Manifest() => ArchiveBuilder.ManifestOf(new([], [], 0, 0, 0));

    private static DatabaseSection Database(string name, uint? oid, string? server) => new()
    {
        Name = name,
        Oid = oid,
        SystemIdentifier = server,
        ServerVersion = "15.1",
        ServerVersionNumber = 150001,
        Encoding = "UTF8",
        SnapshotAt = DateTimeOffset.UnixEpoch,
        Tables = [],
    };
}
