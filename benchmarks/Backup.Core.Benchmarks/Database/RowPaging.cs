using System.Globalization;
using Backup.Core.Benchmarks.Setup;
using BenchmarkDotNet.Attributes;
using Npgsql;

namespace Backup.Core.Benchmarks.Database;

/// <summary>How should a large table be cut into pages? Pages of 500 and 1,000 rows are what exporting scripts often use.</summary>
public class RowPaging : MeasuredBenchmark
{
    private NpgsqlConnection _connection = null!;

    /// <inheritdoc/>
    public override async Task SetUpAsync()
    {
        _connection = new NpgsqlConnection(SharedServers.Mixed);
        await _connection.OpenAsync();
    }

    /// <summary>Ranges of 1,024 heap blocks, each one COPY.</summary>
    [Benchmark(Baseline = true)]
    public async Task Ctid()
    {
        var block = new byte[1024 * 1024];
        var blocks = await ScalarAsync("SELECT pg_relation_size('docs') / 8192");
        var bytes = 0L;
        for (var first = 0L; first < blocks; first += 1024)
        {
            var copy = (NpgsqlCopyTextReader)await _connection.BeginTextExportAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"COPY (SELECT * FROM docs WHERE ctid >= '({first},0)' AND ctid < '({first + 1024},0)') TO STDOUT"));
            using (copy)
            {
                for (var count = -1; count != 0; bytes += count)
                {
                    count = copy.BaseStream.Read(block);
                }
            }
        }

        Processed(bytes);
    }

    /// <summary>By key, each page after the last key of the one before.</summary>
    [Benchmark]
    public async Task Keyset500() => Processed(await ReadByKeyAsync(500));

    /// <inheritdoc cref="Keyset500"/>
    [Benchmark]
    public async Task Keyset1000() => Processed(await ReadByKeyAsync(1000));

    /// <summary>By OFFSET: the server reads all earlier pages again before each page.</summary>
    [Benchmark]
    public async Task Offset500() => Processed(await ReadByOffsetAsync(500));

    /// <inheritdoc cref="Offset500"/>
    [Benchmark]
    public async Task Offset1000() => Processed(await ReadByOffsetAsync(1000));

    /// <inheritdoc/>
    protected override async Task ReleaseAsync() => await _connection.DisposeAsync();

    private async Task<long> ReadByKeyAsync(int rows)
    {
        var (last, bytes) = (0L, 0L);
        for (var count = rows; count == rows;)
        {
            (count, var size, last) = await ReadAsync("SELECT * FROM docs WHERE id > $1 ORDER BY id LIMIT $2", last, rows);
            bytes += size;
        }

        return bytes;
    }

    private async Task<long> ReadByOffsetAsync(int rows)
    {
        var (offset, bytes) = (0L, 0L);
        for (var count = rows; count == rows; offset += count)
        {
            (count, var size, _) = await ReadAsync("SELECT * FROM docs ORDER BY id OFFSET $1 LIMIT $2", offset, rows);
            bytes += size;
        }

        return bytes;
    }

    private async Task<(int Rows, long Bytes, long LastKey)> ReadAsync(string sql, long first, int limit)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        command.Parameters.Add(new NpgsqlParameter { Value = first });
        command.Parameters.Add(new NpgsqlParameter { Value = limit });
        await using var reader = await command.ExecuteReaderAsync();
        var (rows, bytes, key) = (0, 0L, first);
        while (await reader.ReadAsync())
        {
            key = reader.GetInt64(0);
            bytes += reader.GetString(4).Length;
            rows++;
        }

        return (rows, bytes, key);
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
