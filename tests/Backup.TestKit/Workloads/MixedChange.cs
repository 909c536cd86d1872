using System.Globalization;
using Npgsql;

namespace Backup.TestKit.Workloads;

/// <summary>What happens to the <see cref="MixedDatabase"/> between two backups, in each of its tables.</summary>
public sealed class MixedChange
{
    // {0} is the table, {1} its key, {2} an integer column, {3} all columns but the key.
    private const string Largest = "(SELECT max({1}) FROM {0})";

    private static readonly object[][] Tables =
    [
        ["docs", "id", "account_id", "account_id, created_at, title, body"],
        ["accounts", "aid", "abalance", "bid, abalance, filler"],
        ["wide", "id", "whole_1", string.Join(", ", Enumerable.Range(1, 6).Select(group =>
            $"whole_{group}, amount_{group}, flag_{group}, day_{group}, key_{group}, ratio_{group}"))],
    ];

    private readonly string[] _statements;

    private MixedChange(string name, params string[] statements)
    {
        Name = name;
        _statements = statements;
    }

    /// <summary>Nothing.</summary>
    public static MixedChange Nothing { get; } = new("nothing changed");

    /// <summary>As many rows again as a hundredth.</summary>
    public static MixedChange Appended { get; } = new(
        "1 % appended", $"INSERT INTO {{0}} SELECT {{1}} + {Largest}, {{3}} FROM {{0}} WHERE {{1}} <= {Largest} / 100");

    /// <summary>The last hundredth of the rows.</summary>
    public static MixedChange NewestUpdated { get; } = new(
        "the newest 1 % updated", $"UPDATE {{0}} SET {{2}} = {{2}} + 1 WHERE {{1}} > {Largest} - {Largest} / 100");

    /// <summary>Every hundredth row, by chance.</summary>
    public static MixedChange RandomUpdated { get; } = new(
        "1 % of rows updated at random", "UPDATE {0} SET {2} = {2} + 1 WHERE hashint8({1}) % 100 = 0");

    /// <summary>The first hundredth of the rows, and then all others written anew.</summary>
    public static MixedChange OldestDeletedAndPacked { get; } = new(
        "the oldest 1 % deleted, then VACUUM FULL", $"DELETE FROM {{0}} WHERE {{1}} <= {Largest} / 100", "VACUUM FULL {0}");

    /// <summary>Every hundredth row, by chance, and then all others written anew.</summary>
    public static MixedChange RandomDeletedAndPacked { get; } = new(
        "1 % deleted at random, then VACUUM FULL", "DELETE FROM {0} WHERE hashint8({1}) % 100 = 0", "VACUUM FULL {0}");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MixedChange> All { get; } =
        [Nothing, Appended, NewestUpdated, RandomUpdated, OldestDeletedAndPacked, RandomDeletedAndPacked];

    /// <summary>For people.</summary>
    public string Name { get; }

    /// <summary>Makes the change.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public async Task MakeAsync(string connectionString, CancellationToken cancellationToken = default)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var statement in Tables.SelectMany(table => _statements, (table, text) => string.Format(CultureInfo.InvariantCulture, text, table)))
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
