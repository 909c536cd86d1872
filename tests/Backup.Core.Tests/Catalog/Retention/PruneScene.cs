using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.Catalog.Retention;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Catalog.Retention;

/// <summary>Two chains, of which a policy keeps what the newest backup needs, in copies for as many tests as there are crash points.</summary>
internal sealed class PruneScene
{
    public static readonly BackupId OldFull = new("20261101T010000Z-0001");
    public static readonly BackupId OldFirst = new("20261102T010000Z-0002");
    public static readonly BackupId OldSecond = new("20261103T010000Z-0003");
    public static readonly BackupId NewFull = new("20261108T010000Z-0004");
    public static readonly BackupId NewFirst = new("20261109T010000Z-0005");
    public static readonly BackupId NewSecond = new("20261110T010000Z-0006");

    public static readonly BackupId[] Kept = [NewSecond, NewFirst, NewFull];
    public static readonly BackupId[] Expired = [OldSecond, OldFirst, OldFull];

    public static readonly RetentionPolicy KeepOne = new() { KeepLast = 1 };

    private readonly Dictionary<string, byte[]> _objects;

    private PruneScene(Dictionary<string, byte[]> objects)
    {
        _objects = objects;
    }

    /// <summary>Some days after the newest backup.</summary>
    public static FakeTimeProvider Time() => new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));

    /// <summary>Makes the backups.</summary>
    public static async Task<PruneScene> CreateAsync()
    {
        var sink = new InMemorySink();
        await SmallChain.CreateAsync(sink, OldFull);
        await SmallChain.CreateAsync(sink, OldFirst, OldFull, 1);
        await SmallChain.CreateAsync(sink, OldSecond, OldFirst, 2);
        await SmallChain.CreateAsync(sink, NewFull);
        await SmallChain.CreateAsync(sink, NewFirst, NewFull, 1);
        await SmallChain.CreateAsync(sink, NewSecond, NewFirst, 2);
        return new PruneScene(await FilesAsync(sink));
    }

    /// <summary>All files of a sink.</summary>
    public static async Task<Dictionary<string, byte[]>> FilesAsync(IBackupSink sink)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await foreach (var item in sink.ListAsync(""))
        {
            files.Add(item.Name, await sink.ReadObjectAsync(item.Name));
        }

        return files;
    }

    /// <summary>A sink of its own with the backups.</summary>
    public async Task<InMemorySink> CopyAsync()
    {
        var sink = new InMemorySink();
        foreach (var (name, bytes) in _objects)
        {
            await sink.WriteObjectAsync(name, bytes);
        }

        return sink;
    }

    /// <summary>Fails unless every backup that is there is whole, and all that are to be kept are there.</summary>
    public static async Task AssertWholeAsync(IBackupSink sink, IEnumerable<BackupId>? kept = null)
    {
        var entries = await new BackupCatalog(sink).ListAsync();
        Assert.Empty((kept ?? Kept).Except(entries.Select(entry => entry.Id)));
        foreach (var entry in entries)
        {
            Assert.Equal(BackupState.Complete, entry.State);
            await SmallChain.AssertWholeAsync(sink, entry.Id);
        }
    }

    /// <summary>Fails unless there is nothing else than the files of these backups, and no mark.</summary>
    public async Task AssertOnlyAsync(IBackupSink sink, IEnumerable<BackupId> backups)
    {
        var expected = _objects.Keys.Where(name => backups.Any(id => name.StartsWith(id.Value, StringComparison.Ordinal)));
        Assert.Equal(expected.Order(StringComparer.Ordinal), await sink.ListAsync("").Select(item => item.Name).ToListAsync());
    }
}
