using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Catalog;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Catalog;

public sealed class BackupGraphTests
{
    private static readonly BackupId Full = new("20261120T010000Z-0001");
    private static readonly BackupId First = new("20261121T010000Z-0002");
    private static readonly BackupId Second = new("20261122T010000Z-0003");

    private readonly InMemorySink _sink = new();

    [Fact]
    public async Task Of_Chain_KnowsBothDirections()
    {
        await CreateChainAsync();

        var graph = BackupGraph.Of(await new BackupCatalog(_sink).ListAsync());

        Assert.Equal([Full, First], graph.ReferencesOf(Second));
        Assert.Equal([Second, First], graph.DependentsOf(Full));
        Assert.Equal([Second], graph.DependentsOf(First));
        Assert.Empty(graph.DependentsOf(Second));
        Assert.Empty(graph.ReferencesOf(new BackupId("20261123T010000Z-0004")));
    }

    [Fact]
    public async Task ListAsync_Chain_SaysHowEachCameToBe()
    {
        await CreateChainAsync();
        await _sink.WriteObjectAsync($"{First}/prune-mark.json", "{}"u8.ToArray());

        var list = await new BackupCatalog(_sink).ListAsync();

        Assert.Equal(
            [(BackupKind.Incremental, First), (BackupKind.Incremental, Full), (BackupKind.Full, (BackupId?)null)],
            list.Select(entry => (entry.Kind, entry.Parent)));
        Assert.Equal([false, true, false], list.Select(entry => entry.IsMarked));
        Assert.All(list, entry => Assert.Equal((BackupState.Complete, TimeSpan.FromMinutes(1)), (entry.State, entry.Duration)));
        Assert.True(list[0].ReferencedBytes > 0 && list[0].StoredBytes > 0 && list[0].RawBytes == list[1].RawBytes);
        Assert.Equal(0, list[2].ReferencedBytes);
    }

    [Fact]
    public async Task ListAsync_ReferencedBackupIsMissingDamagedOrAnotherOne_SaysWhich()
    {
        await CreateChainAsync();
        await _sink.WriteObjectAsync($"{First}/manifest.json", "{}"u8.ToArray());
        await DeleteAsync(Full);

        var list = await new BackupCatalog(_sink).ListAsync();

        Assert.Equal([BackupState.BrokenReference, BackupState.Damaged], list.Select(entry => entry.State));
        Assert.Equal(
            [new BrokenReference(Full, BrokenReferenceKind.Missing, 2), new BrokenReference(First, BrokenReferenceKind.Damaged, 1)],
            list[0].BrokenReferences);
        await SmallChain.CreateAsync(_sink, Full, change: manifest => manifest with { WrittenBy = "someone else" });
        Assert.Equal(BrokenReferenceKind.Changed, (await new BackupCatalog(_sink).ListAsync())[0].BrokenReferences[0].Kind);
    }

    [Fact]
    public async Task ListAsync_VolumeOfAReferencedBackupIsMissing_SaysSoOfBoth()
    {
        await CreateChainAsync();
        await _sink.DeleteAsync($"{Full}/volume-0001.zip");

        var list = await new BackupCatalog(_sink).ListAsync();

        Assert.Equal([BackupState.BrokenReference, BackupState.BrokenReference, BackupState.Damaged], list.Select(entry => entry.State));
        Assert.All(list.Take(2), entry => Assert.Equal((Full, BrokenReferenceKind.Damaged), entry.BrokenReferences.Select(item => (item.Backup, item.Kind)).Single()));
        Assert.Equal([Second, First], BackupGraph.Of(list).DependentsOf(Full));
    }

    [Fact]
    public async Task ListAsync_ItemsFailed_SaysSo()
    {
        await SmallChain.CreateAsync(_sink, Full, change: manifest => manifest with { Failures = [new FailureRecord("public.actor", "no right")] });

        Assert.Equal(BackupState.WithFailures, Assert.Single(await new BackupCatalog(_sink).ListAsync()).State);
    }

    private async Task CreateChainAsync()
    {
        await SmallChain.CreateAsync(_sink, Full);
        await SmallChain.CreateAsync(_sink, First, Full, 1);
        await SmallChain.CreateAsync(_sink, Second, First, 2);
    }

    private async Task DeleteAsync(BackupId id)
    {
        foreach (var item in await _sink.ListAsync(id.Value).ToListAsync())
        {
            await _sink.DeleteAsync(item.Name);
        }
    }
}
