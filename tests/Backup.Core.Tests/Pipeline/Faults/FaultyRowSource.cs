using System.Runtime.CompilerServices;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Memory;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Schema;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>A database whose calls fail as an injector says.</summary>
internal sealed class FaultyRowSource(RowSource inner, FaultInjector faults) : RowSource
{
    public override string Description => inner.Description;

    public override async Task<RowSnapshot> OpenAsync(
        BackupRequest request, BackupOptions options, ResourcePlan plan, bool listsObjects, ILogger logger, CancellationToken cancellationToken) =>
        await faults.CallAsync(FaultCall.OpenSnapshot, "database", "", async _ =>
            new Snapshot(await inner.OpenAsync(request, options, plan, listsObjects, logger, cancellationToken), faults), cancellationToken);

    private sealed class Snapshot(RowSnapshot inner, FaultInjector faults) : RowSnapshot
    {
        private volatile bool _isLost;

        public bool IsLost => _isLost;

        public override SnapshotInfo Info => inner.Info;

        public override IReadOnlyList<TableInfo> Tables => inner.Tables;

        public override IReadOnlyList<FailureRecord> Unreadable => inner.Unreadable;

        public override int Connections => inner.Connections;

        public void Lose() => _isLost = true;

        public override async Task<DatabaseSchema> ReadSchemaAsync(KnownSchema? known, CancellationToken cancellationToken) =>
            await CallAsync(FaultCall.ReadSchema, async () => await inner.ReadSchemaAsync(known, cancellationToken), cancellationToken);

        public override async Task<ObjectListing?> OpenObjectsAsync(CancellationToken cancellationToken) =>
            await CallAsync(FaultCall.OpenListing, async () =>
                await inner.OpenObjectsAsync(cancellationToken) is { } listing ? new FaultyListing(listing, faults) : null, cancellationToken);

        public override RowReader OpenReader(int number) => new FaultyRowReader(inner.OpenReader(number), number, this, faults);

        public override async Task ConfirmAsync(CancellationToken cancellationToken) =>
            await CallAsync(FaultCall.Confirm, async () =>
            {
                await inner.ConfirmAsync(cancellationToken);
                return true;
            }, cancellationToken);

        public override Task<bool> TryConfirmAsync(CancellationToken cancellationToken) =>
            _isLost ? Task.FromResult(false) : inner.TryConfirmAsync(cancellationToken);

        public override async Task<string?> ReadIdentityAsync(CancellationToken cancellationToken) =>
            await CallAsync(FaultCall.ReadIdentity, async () => await inner.ReadIdentityAsync(cancellationToken), cancellationToken);

        public override async ValueTask DisposeAsync() =>
            await faults.CallAsync(FaultCall.CloseSnapshot, "database", "", async _ =>
            {
                await inner.DisposeAsync();
                return true;
            }, CancellationToken.None);

        private ValueTask<T> CallAsync<T>(FaultCall call, Func<ValueTask<T>> body, CancellationToken cancellationToken) => faults.CallAsync(
            call,
            "database",
            "",
            _ => _isLost ? throw FaultTable.ExceptionOf(call, FaultKind.SnapshotLost, "database") : body(),
            cancellationToken);
    }

    /// <summary>A connection; the first one holds the snapshot.</summary>
    private sealed class FaultyRowReader(RowReader inner, int number, Snapshot snapshot, FaultInjector faults) : RowReader
    {
        private string _table = "";
        private string _page = "";
        private bool _isLost;

        public override bool IsUsable => !_isLost && !snapshot.IsLost && inner.IsUsable;

        public override bool IsSnapshotHeld => !snapshot.IsLost && inner.IsSnapshotHeld;

        public override async Task ReopenAsync(CancellationToken cancellationToken) =>
            await faults.CallAsync(
                FaultCall.Reopen,
                $"reader {number}",
                "",
                _ =>
                {
                    _isLost = snapshot.IsLost ? throw FaultTable.ExceptionOf(FaultCall.Reopen, FaultKind.SnapshotLost, _table) : false;
                    return ValueTask.FromResult(true);
                },
                cancellationToken);

        public override void Announce(IReadOnlyList<TablePage> pages) => inner.Announce(pages);

        public override async Task OpenAsync(TablePage page, CancellationToken cancellationToken)
        {
            (_table, _page) = (page.Table.Name.ToString(), $"/{page.Number}");
            await CallAsync(FaultCall.OpenPage, async _ =>
            {
                await inner.OpenAsync(page, cancellationToken);
                return true;
            }, cancellationToken);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
            CallAsync(FaultCall.ReadRows, kind =>
                inner.ReadAsync(kind == FaultKind.Short ? destination[..((destination.Length + 2) / 3)] : destination, cancellationToken), cancellationToken);

        public override async ValueTask CloseAsync() =>
            await CallAsync(FaultCall.ClosePage, async _ =>
            {
                await inner.CloseAsync();
                return true;
            }, CancellationToken.None);

        public override async ValueTask DisposeAsync() =>
            await faults.CallAsync(FaultCall.CloseReader, $"reader {number}", "", async _ =>
            {
                await inner.DisposeAsync();
                return true;
            }, CancellationToken.None);

        private async ValueTask<T> CallAsync<T>(FaultCall call, Func<FaultKind, ValueTask<T>> body, CancellationToken cancellationToken)
        {
            try
            {
                return await faults.CallAsync(
                    call,
                    _table,
                    _page,
                    kind => IsUsable || FaultTable.IsEnd(call) ? body(kind) : throw FaultTable.ExceptionOf(call, FaultKind.ConnectionLost, _table),
                    cancellationToken);
            }
            catch (DatabaseException exception) when (exception.IsTransient && exception.Message.Contains("Lost", StringComparison.Ordinal))
            {
                _isLost = true;
                if (number == 0 || exception.Message.Contains(nameof(FaultKind.SnapshotLost), StringComparison.Ordinal))
                {
                    snapshot.Lose();
                }

                throw;
            }
        }
    }

    private sealed class FaultyListing(ObjectListing inner, FaultInjector faults) : ObjectListing
    {
        public override ObjectListingMethod Method => inner.Method;

        public override bool WaitsForRows => inner.WaitsForRows;

        public override bool HasUserMetadata => inner.HasUserMetadata;

        public override async Task<IReadOnlyList<ChosenBucket>> FindBucketsAsync(ObjectSelection selection, CancellationToken cancellationToken) =>
            await faults.CallAsync(FaultCall.CountObjects, "database", "", async _ => await inner.FindBucketsAsync(selection, cancellationToken), cancellationToken);

        public override async IAsyncEnumerable<StoredObject> ListObjectsAsync(
            string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var item in inner.ListObjectsAsync(bucket, prefix, cancellationToken))
            {
                var kind = await faults.CallAsync(FaultCall.ListRow, bucket, $"/{item.Name}", ValueTask.FromResult, cancellationToken);
                for (var times = kind switch { FaultKind.Twice => 2, FaultKind.LeftOut => 0, _ => 1 }; times > 0; times--)
                {
                    yield return item;
                }
            }
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
