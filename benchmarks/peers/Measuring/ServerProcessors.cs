using System.Globalization;
using Npgsql;

namespace Backup.Core.Peers.Measuring;

/// <summary>The processor time that a PostgreSQL server on this machine has taken, in all processes that have ended by now.</summary>
/// <remarks>
/// Its main process has a process for each connection and waits for each: the kernel adds what they took to its own figures. See
/// <see href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html"/>.
/// </remarks>
internal sealed class ServerProcessors
{
    private const int ParentField = 1;
    private const int ChildUserField = 13;
    private const int ChildSystemField = 14;
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan EndOfProcess = TimeSpan.FromMilliseconds(250);

    private readonly string _connectionString;
    private readonly int _mainProcess;

    private ServerProcessors(string connectionString, int mainProcess)
    {
        _connectionString = connectionString;
        _mainProcess = mainProcess;
    }

    /// <summary>Finds the server's main process.</summary>
    /// <param name="connectionString">Any database of the server.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    public static async Task<ServerProcessors> FindAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var fields = await ReadFieldsAsync(connection.ProcessID, cancellationToken);
        return new ServerProcessors(connectionString, int.Parse(fields[ParentField], CultureInfo.InvariantCulture));
    }

    /// <summary>Does work and reads what the server took for it, once the connections that the work opened have ended.</summary>
    public async Task<TimeSpan> MeasureAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        // Others may stay open all the time, such as that of a Storage server that writes its rows to the database.
        var connections = await CountConnectionsAsync(cancellationToken);
        var before = await ReadAsync(cancellationToken);
        await work();
        while (await CountConnectionsAsync(cancellationToken) > connections)
        {
            await Task.Delay(PollInterval, cancellationToken);
        }

        return await ReadAsync(cancellationToken) - before;
    }

    private async Task<long> CountConnectionsAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task<TimeSpan> ReadAsync(CancellationToken cancellationToken)
    {
        // A connection leaves the list before its process has ended and been waited for.
        await Task.Delay(EndOfProcess, cancellationToken);
        var fields = await ReadFieldsAsync(_mainProcess, cancellationToken);
        var ticks = long.Parse(fields[ChildUserField], CultureInfo.InvariantCulture)
            + long.Parse(fields[ChildSystemField], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    // The second field is the program's name in parentheses, which may hold spaces: fields are counted from behind it.
    private static async Task<string[]> ReadFieldsAsync(int process, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"), cancellationToken);
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}
