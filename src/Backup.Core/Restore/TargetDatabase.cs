using Backup.Core.Postgres;

namespace Backup.Core.Restore;

/// <summary>How a run gets at the database to restore into: its own source, closed at its end, or the caller's.</summary>
internal sealed class TargetDatabase
{
    private readonly string? _connectionString;
    private readonly PostgresSource? _borrowed;

    private TargetDatabase(string? connectionString, PostgresSource? borrowed)
    {
        _connectionString = connectionString;
        _borrowed = borrowed;
    }

    /// <summary>A database of which each run opens its own source.</summary>
    /// <exception cref="ArgumentException">The text is no connection string.</exception>
    public static TargetDatabase FromConnectionString(string connectionString)
    {
        // Connects to nothing and holds nothing: what is wrong with the text shows here and not in the middle of a run.
        _ = PostgresSource.FromConnectionString(connectionString);
        return new TargetDatabase(connectionString, null);
    }

    /// <summary>A database whose source is the caller's.</summary>
    public static TargetDatabase Borrow(PostgresSource source) => new(null, source);

    /// <summary>Runs work on the database.</summary>
    public async Task<T> UseAsync<T>(Func<PostgresSource, Task<T>> work)
    {
        if (_borrowed is not null)
        {
            return await work(_borrowed).ConfigureAwait(false);
        }

        var source = PostgresSource.FromConnectionString(_connectionString!);
        await using var disposal = source.ConfigureAwait(false);
        return await work(source).ConfigureAwait(false);
    }
}
