using System.Threading.Channels;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>A database of lists of bytes; cut into pages by the product's own planner.</summary>
internal sealed class InMemoryRowSource(params InMemoryTable[] tables) : RowSource
{
    private int _open;
    private int _pagesOpen;
    private readonly TaskCompletionSource _snapshotLost = new();

    // Full while a reader has the one connection over which contended tables are read.
    private readonly Channel<int> _coordinator = Channel.CreateBounded<int>(1);
    private int _reads;

    public override string Description => "memory";

    /// <summary>Called before each read of a block, with the number of the read from 1.</summary>
    public Action<int>? OnRead { get; set; }

    /// <summary>Called when a snapshot is opened, before it is looked whether the caller still wants it.</summary>
    public Action? OnOpen { get; init; }

    /// <summary>Called before a lost connection is opened anew; throws where that is not to succeed.</summary>
    public Action? OnReopen { get; set; } = static () => throw new DatabaseException("No connection is to be had, as the test asked.");

    /// <summary>Awaited before each page is opened.</summary>
    public Func<CancellationToken, Task>? Hang { get; set; }

    /// <summary>How often a lost connection was opened anew, or was to be.</summary>
    public int Reopened { get; private set; }

    /// <summary>How many bytes a read gives at the most.</summary>
    public int MaxReadBytes { get; init; } = int.MaxValue;

    /// <summary>What the server answers when it is asked which one it is.</summary>
    public string? Identity { get; init; } = "7";

    /// <summary>Whether the connection that holds the snapshot is in use whenever it is asked.</summary>
    public bool IsCoordinatorBusy { get; set; }

    /// <summary>When the snapshot was taken.</summary>
    public DateTimeOffset TakenAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>The tables that are said to be unreadable from the start.</summary>
    public IReadOnlyList<FailureRecord> Unreadable { get; init; } = [];

    /// <summary>How many snapshots and readers are open.</summary>
    public int Open => Volatile.Read(ref _open);

    public InMemoryTable[] Tables => tables;

    /// <summary>The schema that the snapshot shows.</summary>
    public DatabaseSchema Schema { get; init; } = new([]);

    /// <summary>What the server has beside it.</summary>
    public ServerObjects Server { get; init; } = ServerObjects.None;

    /// <summary>Gives a schema that was read before the positions of now.</summary>
    public Func<DatabaseSchema, DatabaseSchema> Renew { get; init; } = static schema => schema;

    /// <summary>The store whose objects the snapshot lists, as they are when it is opened.</summary>
    public InMemoryObjectStore? Objects { get; set; }

    /// <summary>Whether objects are listed over the connection that reads rows.</summary>
    public bool SharesConnection { get; init; }

    /// <summary>Whether the listing gives its last object twice.</summary>
    public bool ListsTwice { get; init; }

    /// <summary>Whether the listing knows neither sizes nor ETags, as of rows that were put in by SQL.</summary>
    public bool HidesSizes { get; init; }

    /// <summary>Whether the listing gives one object less than there are.</summary>
    public bool LosesObjects { get; init; }

    /// <summary>How many pages are being read.</summary>
    public int PagesOpen => Volatile.Read(ref _pagesOpen);

    public override Task<RowSnapshot> OpenAsync(
        BackupRequest request,
        BackupOptions options,
        ResourcePlan plan,
        bool listsObjects,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        if (OnOpen is { } open)
        {
            open();
            cancellationToken.ThrowIfCancellationRequested();
        }

        Interlocked.Increment(ref _open);
        return Task.FromResult<RowSnapshot>(new Snapshot(this, plan.Connections));
    }

    /// <summary>What a worker joins is this database itself.</summary>
    public override RowSource Join(SharedSnapshot shared, IReadOnlyList<TableInfo> tables)
    {
        OnJoin?.Invoke(tables);
        return this;
    }

    /// <summary>Called with the tables of a worker's part.</summary>
    public Action<IReadOnlyList<TableInfo>>? OnJoin { get; set; }

    private sealed class Snapshot(InMemoryRowSource source, int connections) : RowSnapshot
    {
        public override SharedSnapshot? Shared => new("memory", Info);

        public override SnapshotInfo Info { get; } = new()
        {
            DatabaseName = "memory",
            ServerVersion = "15.1",
            ServerVersionNumber = 150001,
            Encoding = "UTF8",
            TakenAt = source.TakenAt,
            Lsn = "0/1",
            IsStandby = false,
        };

        public override IReadOnlyList<TableInfo> Tables { get; } =
            [.. source.Tables.Select((table, index) => table.ToInfo((uint)index))];

        public override IReadOnlyList<FailureRecord> Unreadable => source.Unreadable;

        public override int Connections => connections;

        public override async Task<DatabaseSchema> ReadSchemaAsync(KnownSchema? known, CancellationToken cancellationToken)
        {
            var isSame = known is not null && known.Fingerprint == source.Schema.Fingerprint;
            return isSame && await known!.ReadAsync(cancellationToken) is { } earlier
                ? source.Renew(earlier) with { Fingerprint = known.Fingerprint, Origin = SchemaOrigin.Known }
                : source.Schema;
        }

        public override Task<ServerObjects> ReadServerObjectsAsync(bool withRoles, CancellationToken cancellationToken) =>
            Task.FromResult(withRoles ? source.Server : source.Server with { Roles = null });

        public override Task<ObjectListing?> OpenObjectsAsync(CancellationToken cancellationToken) => Task.FromResult<ObjectListing?>(_objects);

        public override RowReader OpenReader(int number)
        {
            Interlocked.Increment(ref source._open);
            return new Reader(source, number);
        }

        private readonly InMemoryObjectListing? _objects = source.Objects is { } store ? new InMemoryObjectListing(store, source) : null;

        public override Task ConfirmAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override Task<bool> TryConfirmAsync(CancellationToken cancellationToken) =>
            Task.FromResult(!source.IsCoordinatorBusy);

        public override Task<string?> ReadIdentityAsync(CancellationToken cancellationToken) => Task.FromResult(source.Identity);

        public override ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref source._open);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Reader(InMemoryRowSource source, int number) : RowReader
    {
        private InMemoryTable? _table;
        private byte[] _bytes = [];
        private int _position;
        private bool _fails;
        private bool _isUsable = true;

        public override bool IsUsable => _isUsable;

        public override bool IsSnapshotHeld => !source._snapshotLost.Task.IsCompleted;

        public override Task ReopenAsync(CancellationToken cancellationToken)
        {
            Assert.Null(_table);
            source.Reopened++;
            source.OnReopen?.Invoke();
            _isUsable = true;
            return Task.CompletedTask;
        }

        public override void Announce(IReadOnlyList<TablePage> pages)
        {
        }

        public override async Task OpenAsync(TablePage page, CancellationToken cancellationToken)
        {
            Assert.Null(_table);
            if (number == 0 && source.Tables.Any(table => table.LosesSnapshot))
            {
                await source._snapshotLost.Task.WaitAsync(cancellationToken);
            }

            if (source.Tables[page.Table.Oid].IsContended)
            {
                await source._coordinator.Writer.WriteAsync(number, cancellationToken);
            }

            await (source.Hang?.Invoke(cancellationToken) ?? Task.CompletedTask);
            _table = source.Tables[page.Table.Oid];
            Interlocked.Increment(ref source._pagesOpen);
            var first = (int)(page.FirstBlock ?? 0);
            var end = (int)(page.EndBlock ?? _table.Blocks.Length);
            _bytes = end - first == 1 ? _table.Blocks[first] : [.. _table.Blocks[first..end].SelectMany(bytes => bytes)];
            _fails = _table.LosesSnapshot ? number != 0 : _table.FailingBlock > first && _table.FailingBlock <= end && _table.Failures.TryTake();
            _position = 0;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            Assert.NotNull(_table);
            source.OnRead?.Invoke(Interlocked.Increment(ref source._reads));
            cancellationToken.ThrowIfCancellationRequested();
            if (_fails && _position >= _bytes.Length / 2)
            {
                _isUsable = !_table.LosesConnection && !_table.LosesSnapshot;
                if (_table.LosesSnapshot)
                {
                    source._snapshotLost.TrySetResult();
                }

                throw new DatabaseException($"Reading {_table.Name} failed, as the test asked.") { IsTransient = _table.FailsTransiently };
            }

            var count = Math.Min(Math.Min(destination.Length, source.MaxReadBytes), _bytes.Length - _position);
            _bytes.AsMemory(_position, count).CopyTo(destination);
            _position += count;
            return ValueTask.FromResult(count);
        }

        public override ValueTask CloseAsync()
        {
            if (_table is not null)
            {
                Interlocked.Decrement(ref source._pagesOpen);
                if (_table.IsContended)
                {
                    Assert.True(source._coordinator.Reader.TryRead(out _));
                }
            }

            _table = null;
            return ValueTask.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref source._open);
            return CloseAsync();
        }
    }
}
