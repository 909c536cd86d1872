using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;

namespace Quickstart;

/// <summary>How the restored database compares with its source.</summary>
/// <param name="SchemaIsEqual">Whether pg_dump prints the same definitions for both; <c>null</c> without a pg_dump to ask.</param>
/// <param name="Tables">Tables, materialized views and sequences whose contents were compared.</param>
/// <param name="Differences">Those that differ.</param>
/// <param name="Ledger">The restored books, which are compared with themselves: the source's have moved on.</param>
internal sealed record Comparison(bool? SchemaIsEqual, int Tables, IReadOnlyList<string> Differences, LedgerState Ledger)
{
    private const string LedgerSchema = "ledger.";

    public bool IsEqual => SchemaIsEqual != false && Differences.Count == 0 && Ledger.IsConsistent;

    public static async Task<Comparison> MakeAsync(string source, string target, int serverMajor)
    {
        var expected = await ReadAsync(source);
        var actual = await ReadAsync(target);
        return new Comparison(
            await CompareSchemasAsync(source, target, serverMajor),
            expected.Count,
            TableDigest.Differences(expected, actual),
            await TransferLedger.CheckAsync(target));
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(string database) =>
        (await TableDigest.ReadAsync(database))
        .Where(table => !table.Key.StartsWith(LedgerSchema, StringComparison.Ordinal))
        .ToDictionary();

    private static async Task<bool?> CompareSchemasAsync(string source, string target, int serverMajor) =>
        await PgDump.FindMajorAsync() >= serverMajor
            ? await PgDump.SchemaAsync(source) == await PgDump.SchemaAsync(target)
            : null;
}
