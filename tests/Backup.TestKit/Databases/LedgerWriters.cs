using Npgsql;

namespace Backup.TestKit.Databases;

/// <summary>Connections that move money from account to account, a transaction each, until stopped. Stops on dispose.</summary>
public sealed class LedgerWriters : IAsyncDisposable
{
    // Accounts are changed in the order of their ids, so that two transfers never wait for each other.
    private const string Transfer = """
        WITH moved AS (
            UPDATE ledger.accounts SET balance = balance + CASE id WHEN $1 THEN -$3 ELSE $3 END
             WHERE id IN (SELECT id FROM ledger.accounts WHERE id IN ($1, $2) ORDER BY id FOR UPDATE)
        )
        INSERT INTO ledger.transfers (source, target, amount) VALUES ($1, $2, $3)
        """;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _writers;
    private long _transfers;

    private LedgerWriters(string connectionString, int writers) =>
        _writers = [.. Enumerable.Range(1, writers).Select(number => Task.Run(() => WriteAsync(connectionString, number)))];

    /// <summary>Transfers committed so far.</summary>
    public long Transfers => Interlocked.Read(ref _transfers);

    /// <summary>Waits until so many transfers are committed.</summary>
    public async Task ReachAsync(long transfers, CancellationToken cancellationToken = default)
    {
        while (Transfers < transfers)
        {
            // A writer that has ended by itself failed: its failure is the answer, not an endless wait.
            await Task.WhenAll(_writers.Where(writer => writer.IsCompleted));
            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Waits for the writers to stop.</summary>
    /// <returns>The number of transfers they committed.</returns>
    public async Task<long> StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_writers);
        return Transfers;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    internal static LedgerWriters Start(string connectionString, int writers)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(writers);
        return new LedgerWriters(connectionString, writers);
    }

    private async Task WriteAsync(string connectionString, int number)
    {
        var random = new Random(number);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var count = new NpgsqlCommand("SELECT count(*)::integer FROM ledger.accounts", connection);
        var accounts = (int)(await count.ExecuteScalarAsync())!;
        while (!_stop.IsCancellationRequested)
        {
            var source = random.Next(1, accounts + 1);
            var target = 1 + ((source + random.Next(accounts - 1)) % accounts);
            await using var transfer = new NpgsqlCommand(Transfer, connection);
            transfer.Parameters.Add(new NpgsqlParameter<int> { TypedValue = source });
            transfer.Parameters.Add(new NpgsqlParameter<int> { TypedValue = target });
            transfer.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = random.Next(1, 1000) / 100m });
            await transfer.ExecuteNonQueryAsync();
            Interlocked.Increment(ref _transfers);
        }
    }
}
