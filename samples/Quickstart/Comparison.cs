using Backup.TestKit.Databases;
using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Quickstart;

/// <summary>How the restored project compares with its source.</summary>
/// <param name="SchemaIsEqual">Whether pg_dump prints the same definitions for both; <c>null</c> without a pg_dump to ask.</param>
/// <param name="Tables">Tables, materialized views and sequences whose contents were compared.</param>
/// <param name="Differences">Those that differ.</param>
/// <param name="Ledger">The restored books, which are compared with themselves: the source's have moved on.</param>
/// <param name="Register">The restored register of files and the restored files.</param>
internal sealed record Comparison(
    bool? SchemaIsEqual, int Tables, IReadOnlyList<string> Differences, LedgerState Ledger, RegisterState Register)
{
    // The source of these has moved on, and the Storage has written its own rows anew.
    private static readonly string[] MovingSchemas = ["ledger.", "register.", "storage."];

    public bool IsEqual => SchemaIsEqual != false && Differences.Count == 0 && Ledger.IsConsistent && IsRegisterConsistent;

    public bool IsRegisterConsistent => Register.IsConsistent(Scenario.Clerks);

    public static async Task<Comparison> MakeAsync(SupabaseProject source, SupabaseProject target, int serverMajor)
    {
        var expected = await ReadAsync(source.Database);
        var actual = await ReadAsync(target.Database);
        return new Comparison(
            await CompareSchemasAsync(source.Database, target.Database, serverMajor),
            expected.Count,
            [.. TableDigest.Differences(expected, actual), .. FileDifferences(source.Storage, target.Storage)],
            await TransferLedger.CheckAsync(target.Database),
            await DocumentRegister.CheckAsync(target.Database, target.Storage));
    }

    // Files are never changed here, only added: each restored one equals the one that the source still has.
    private static IEnumerable<string> FileDifferences(StorageServer source, StorageServer target) =>
        from bucket in target.State.Buckets
        from file in target.State.Objects(bucket.Id)
        let original = source.State.Find(bucket.Id, file.Name)
        where original is null
            || original.Content?.ETag != file.Content?.ETag
            || original.Metadata?.MimeType != file.Metadata?.MimeType
            || original.Metadata?.CacheControl != file.Metadata?.CacheControl
            || original.UserMetadata != file.UserMetadata
        select $"{bucket.Id}/{file.Name}";

    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(string database) =>
        (await TableDigest.ReadAsync(database))
        .Where(table => !MovingSchemas.Any(schema => table.Key.StartsWith(schema, StringComparison.Ordinal)))
        .ToDictionary();

    private static async Task<bool?> CompareSchemasAsync(string source, string target, int serverMajor) =>
        await PgDump.FindMajorAsync() >= serverMajor
            ? await PgDump.SchemaAsync(source) == await PgDump.SchemaAsync(target)
            : null;
}
