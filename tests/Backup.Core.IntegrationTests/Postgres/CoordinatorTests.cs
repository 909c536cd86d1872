using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Postgres;

/// <summary>Whether the snapshot still stands, asked by a checkpoint while the connection that holds it is at work.</summary>
[Collection(PostgresFixture.Collection)]
public sealed class CoordinatorTests(PostgresFixture fixture) : IAsyncLifetime, IDisposable
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NpgsqlConnection _connection = null!;
    private Coordinator _coordinator = null!;

    public async Task InitializeAsync()
    {
        _connection = await PostgresFixture.OpenAsync(fixture.Server.ConnectionString("postgres"));
        var link = new CatalogLink(_connection, TimeSpan.FromSeconds(30));
        _coordinator = new Coordinator(
            _connection, link, new SnapshotConnection(new NpgsqlDataConnection(_connection, number: 0, link.Silence), "UTF8", holdsLocks: true), "db");
    }

    public async Task DisposeAsync() => await _coordinator.Connection.DisposeAsync();

    public void Dispose() => _coordinator.Dispose();

    [Fact]
    public async Task TryConfirmAsync_CatalogsAreBeingRead_WaitsForTheirEnd()
    {
        var reading = ReadCatalogAsync();

        var confirming = _coordinator.TryConfirmAsync(CancellationToken.None);
        Assert.False(confirming.IsCompleted);
        _end.SetResult();

        Assert.True(await confirming);
        await reading;
    }

    [Fact]
    public async Task TryConfirmAsync_ReadingOfCatalogsFails_AsksAllTheSame()
    {
        var reading = ReadCatalogAsync();

        var confirming = _coordinator.TryConfirmAsync(CancellationToken.None);
        _end.SetException(new DatabaseException("As the test asked."));

        Assert.True(await confirming);
        await Assert.ThrowsAsync<DatabaseException>(() => reading);
    }

    [Fact]
    public async Task TryConfirmAsync_CancelledWhileCatalogsAreRead_WaitsNoLonger()
    {
        using var source = new CancellationTokenSource();
        var reading = ReadCatalogAsync();

        var confirming = _coordinator.TryConfirmAsync(source.Token);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => confirming);
        _end.SetResult();
        await reading;
    }

    // A reader that has the connection may be waiting for memory that only the archive, which asks, gives back.
    [Fact]
    public async Task TryConfirmAsync_PageIsBeingReadAndCatalogsWaitForIt_DoesNotWait()
    {
        await _coordinator.Gate.WaitAsync();
        var reading = ReadCatalogAsync();

        Assert.False(await _coordinator.TryConfirmAsync(CancellationToken.None));

        _end.SetResult();
        _coordinator.Gate.Release();
        await reading;
        Assert.True(await _coordinator.TryConfirmAsync(CancellationToken.None));
    }

    [Fact]
    public async Task TryConfirmAsync_ConnectionLostWhileCatalogsAreRead_KnowsNothing()
    {
        var reading = ReadCatalogAsync();
        var confirming = _coordinator.TryConfirmAsync(CancellationToken.None);

        await _connection.CloseAsync();
        _end.SetResult();

        Assert.False(await confirming);
        await reading;
    }

    private Task<bool> ReadCatalogAsync() => _coordinator.ReadCatalogAsync(
        async _ =>
        {
            await _end.Task;
            return true;
        },
        CancellationToken.None);
}
