using Backup.Core.Postgres;

namespace Backup.Core.Pipeline.Sources;

/// <summary>A connection of a PostgreSQL snapshot.</summary>
internal sealed class PostgresRowReader(PageReader reader) : RowReader
{
    /// <inheritdoc/>
    public override bool IsUsable => reader.IsUsable;

    /// <inheritdoc/>
    public override bool IsSnapshotHeld => reader.IsSnapshotHeld;

    /// <inheritdoc/>
    public override Task ReopenAsync(CancellationToken cancellationToken) => reader.ReopenAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Announce(IReadOnlyList<TablePage> pages) => reader.Announce(pages);

    /// <inheritdoc/>
    public override Task OpenAsync(TablePage page, CancellationToken cancellationToken) =>
        reader.OpenAsync(page, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken) =>
        reader.ReadAsync(destination, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask CloseAsync() => reader.CloseAsync();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => reader.DisposeAsync();
}
