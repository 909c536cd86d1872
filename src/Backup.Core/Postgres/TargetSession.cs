using System.Data;
using System.Data.Common;
using Backup.Core.Errors;
using Backup.Core.Postgres.LargeObjects;
using Npgsql;

namespace Backup.Core.Postgres;

/// <summary>One connection to a database that is being restored, with the settings that pg_restore uses. One caller at a time.</summary>
/// <remarks>What the server refuses is a <see cref="DatabaseException"/> with the server's own words and its SQLSTATE.</remarks>
internal sealed class TargetSession : IAsyncDisposable
{
    // As the head of a pg_dump script: names are qualified, nothing is checked that is made later, nothing is filtered or
    // timed out, and texts mean what they meant at the source.
    private const string Preamble =
        "SELECT pg_catalog.set_config('search_path', '', false);"
        + "SET check_function_bodies = off; SET client_min_messages = warning; SET row_security = off;"
        + "SET xmloption = content; SET lc_monetary = 'C'; SET DateStyle = ISO; SET IntervalStyle = postgres;"
        + "SET standard_conforming_strings = on; SET default_tablespace = ''; SET default_table_access_method = heap;"
        + "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0;"
        + "SET transform_null_equals = off;"
        // The limits that not every version has.
        + "SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN ('idle_session_timeout', 'transaction_timeout');";

    private readonly PostgresSource _target;
    private NpgsqlConnection _connection;

    private TargetSession(PostgresSource target, NpgsqlConnection connection)
    {
        _target = target;
        _connection = connection;
    }

    /// <summary>Whether the connection can still be used.</summary>
    public bool IsOpen => _connection.FullState == ConnectionState.Open;

    /// <summary>The server's major version, such as 15.</summary>
    public int MajorVersion => _connection.PostgreSqlVersion.Major;

    /// <summary>Opens a connection and prepares it.</summary>
    public static async Task<TargetSession> OpenAsync(PostgresSource target, CancellationToken cancellationToken)
    {
        var session = new TargetSession(target, await target.OpenConnectionAsync(cancellationToken).ConfigureAwait(false));
        try
        {
            await session.ExecuteAsync(Preamble, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Puts another connection in the place of one that was lost.</summary>
    public async Task ReopenAsync(CancellationToken cancellationToken)
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        _connection = await _target.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(Preamble, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs one or more statements. Outside a transaction they take effect together or not at all.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            var command = CreateCommand(ServerScript.Of(sql));
            await using var disposal = command.ConfigureAwait(false);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (DatabaseFault.IsFrom(_connection, exception))
        {
            throw Wrap(exception);
        }
    }

    /// <summary>Runs a query and gives its rows.</summary>
    /// <param name="sql">The query; <c>$1</c> and so on stand for the arguments.</param>
    /// <param name="read">Makes an item of a row.</param>
    /// <param name="arguments">The values of the parameters.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<List<T>> QueryAsync<T>(
        string sql, Func<DbDataReader, T> read, IReadOnlyList<Array> arguments, CancellationToken cancellationToken)
    {
        try
        {
            var command = CreateCommand(sql);
            await using var disposal = command.ConfigureAwait(false);
            foreach (var argument in arguments)
            {
                command.Parameters.Add(argument switch
                {
                    int[] numbers => new NpgsqlParameter<int[]> { TypedValue = numbers },
                    string[] texts => new NpgsqlParameter<string[]> { TypedValue = texts },
                    _ => throw new ArgumentException("Only arrays of integers and texts are sent.", nameof(arguments)),
                });
            }

            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var readerDisposal = reader.ConfigureAwait(false);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (Exception exception) when (DatabaseFault.IsFrom(_connection, exception))
        {
            throw Wrap(exception);
        }
    }

    /// <summary>Starts loading rows. Outside a transaction the rows are committed when the writer completes.</summary>
    /// <inheritdoc cref="CopyWriter.OpenAsync(NpgsqlConnection, QualifiedName, IReadOnlyList{string}, string, bool, CancellationToken)"/>
    public Task<CopyWriter> OpenCopyAsync(
        QualifiedName table, IReadOnlyList<string> columns, string encoding, bool isEmptied, CancellationToken cancellationToken) =>
        CopyWriter.OpenAsync(_connection, table, columns, encoding, isEmptied, cancellationToken);

    /// <summary>Starts writing the contents of large objects, which must be there, by way of <see cref="LargeObjectLoading.ContentsTable"/>.</summary>
    /// <inheritdoc cref="CopyWriter.OpenAsync(NpgsqlConnection, QualifiedName, string, CancellationToken)"/>
    public Task<CopyWriter> OpenCopyOfLargeObjectsAsync(string encoding, bool isMixed, CancellationToken cancellationToken) =>
        CopyWriter.OpenAsync(_connection, LargeObjectRelations.Contents, CopyStatement.ImportLargeObjects(encoding, isMixed), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private NpgsqlCommand CreateCommand(string sql) => new(sql, _connection) { CommandTimeout = 0 };

    private static DatabaseException Wrap(Exception exception)
    {
        if (exception is not PostgresException server)
        {
            return new DatabaseException(
                $"The connection to the target was lost ({DatabaseFault.Sentence(exception.Message)}).", exception)
            {
                Hint = "Run again; if it recurs, look at the server's log and at time limits of poolers and routers in between.",
                IsTransient = true,
                Category = DatabaseFault.CategoryOf(exception),
            };
        }

        // The server's detail is left out: for rows that violate a constraint it quotes them.
        return new DatabaseException(DatabaseFault.Sentence(server.MessageText), exception)
        {
            SqlState = server.SqlState,
            Hint = server.Hint,
            IsTransient = server.IsTransient
                || server.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown,
        };
    }
}
