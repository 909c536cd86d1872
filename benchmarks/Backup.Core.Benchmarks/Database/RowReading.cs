using Backup.Core.Benchmarks.Setup;
using Backup.Core.Postgres;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Backup.Core.Benchmarks.Database;

/// <summary>How should the rows of a table be read? One connection, one table of 28 MiB, bytes thrown away.</summary>
public class RowReading : MeasuredBenchmark
{
    private const string Copy = "COPY docs TO STDOUT";
    private readonly byte[] _block = new byte[1024 * 1024];
    private NpgsqlConnection _connection = null!;
    private PostgresSource _source = null!;
    private SnapshotSession _session = null!;
    private SnapshotSession _npgsqlSession = null!;

    /// <inheritdoc/>
    public override async Task SetUpAsync()
    {
        _connection = new NpgsqlConnection(SharedServers.Mixed);
        await _connection.OpenAsync();
        _source = PostgresSource.FromConnectionString(SharedServers.Mixed);
        _session = await OpenSessionAsync(usesWire: true);
        _npgsqlSession = await OpenSessionAsync(usesWire: false);
    }

    /// <summary>What a backup does: pages of <c>ctid</c> ranges, over the library's own reader of the protocol.</summary>
    [Benchmark(Baseline = true)]
    public async Task PagesOverWire() => Processed(await ReadPagesAsync(_session));

    /// <summary>What a backup does where the own reader does not cover the connection: the same pages over Npgsql.</summary>
    [Benchmark]
    public async Task PagesOverNpgsql() => Processed(await ReadPagesAsync(_npgsqlSession));

    /// <summary>COPY text, the stream below Npgsql's reader, asynchronously.</summary>
    [Benchmark]
    public async Task CopyAsync()
    {
        using var copy = (NpgsqlCopyTextReader)await _connection.BeginTextExportAsync(Copy);
        var bytes = 0L;
        for (var count = -1; count != 0; bytes += count)
        {
            count = await copy.BaseStream.ReadAsync(_block);
        }

        Processed(bytes);
    }

    /// <summary>The same, read synchronously.</summary>
    [Benchmark]
    public async Task CopySync()
    {
        using var copy = (NpgsqlCopyTextReader)await _connection.BeginTextExportAsync(Copy);
        Processed(Drain(copy.BaseStream));
    }

    /// <summary>COPY binary, its raw bytes.</summary>
    [Benchmark]
    public async Task CopyBinary()
    {
        await using var copy = await _connection.BeginRawBinaryCopyAsync(Copy + " (FORMAT binary)");
        Processed(Drain(copy));
    }

    /// <summary>COPY text as characters.</summary>
    [Benchmark]
    public async Task CopyCharacters()
    {
        using var copy = await _connection.BeginTextExportAsync(Copy);
        var characters = new char[64 * 1024];
        var bytes = 0L;
        for (var count = -1; count != 0; bytes += count)
        {
            count = await copy.ReadAsync(characters);
        }

        Processed(bytes);
    }

    /// <summary>SELECT and a data reader, each field as an object: what programs write that know no COPY.</summary>
    [Benchmark]
    public async Task DataReader()
    {
        await using var command = new NpgsqlCommand("SELECT * FROM docs", _connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new object[reader.FieldCount];
        var bytes = 0L;
        while (await reader.ReadAsync())
        {
            reader.GetValues(values);
            bytes += ((string)values[^1]).Length;
        }

        Processed(bytes);
    }

    /// <inheritdoc/>
    protected override async Task ReleaseAsync()
    {
        await _session.DisposeAsync();
        await _npgsqlSession.DisposeAsync();
        await _source.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private Task<SnapshotSession> OpenSessionAsync(bool usesWire) => SnapshotSession.OpenAsync(
        _source,
        new TableSelection { IncludeTables = ["public.docs"] },
        new SnapshotOptions { Connections = 1, UsesWire = usesWire },
        NullLogger.Instance,
        CancellationToken.None);

    private async Task<long> ReadPagesAsync(SnapshotSession session)
    {
        var bytes = 0L;
        var reader = session.OpenReader(0);
        foreach (var page in PagePlanner.Plan(session.Tables[0], new PageLimits()))
        {
            await reader.OpenAsync(page, CancellationToken.None);
            for (var count = -1; count != 0; bytes += count)
            {
                count = await reader.ReadAsync(_block, CancellationToken.None);
            }

            await reader.CloseAsync();
        }

        return bytes;
    }

    private long Drain(Stream stream)
    {
        var bytes = 0L;
        for (var count = -1; count != 0; bytes += count)
        {
            count = stream.Read(_block);
        }

        return bytes;
    }
}
