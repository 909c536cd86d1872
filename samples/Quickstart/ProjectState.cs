using Backup.TestKit.PostgreSql;
using Backup.TestKit.Storage;

namespace Quickstart;

/// <summary>A project at one moment, when nobody writes: what a backup of that moment must bring back.</summary>
/// <param name="Tables">The digests of its tables, materialized views and sequences.</param>
/// <param name="Files">The ETags of its files.</param>
internal sealed record ProjectState(IReadOnlyDictionary<string, string> Tables, IReadOnlyDictionary<string, string> Files)
{
    // A Storage writes its own rows anew, with numbers and times of its own.
    private const string StorageSchema = "storage.";

    public static async Task<ProjectState> ReadAsync(SupabaseProject project) => new(
        (await TableDigest.ReadAsync(project.Database))
        .Where(table => !table.Key.StartsWith(StorageSchema, StringComparison.Ordinal)).ToDictionary(),
        project.Storage.State.Buckets
            .SelectMany(bucket => project.Storage.State.Objects(bucket.Id))
            .ToDictionary(file => $"{file.BucketId}/{file.Name}", file => file.Content?.ETag ?? ""));

    /// <summary>What differs, a line each.</summary>
    public IReadOnlyList<string> DifferencesTo(ProjectState other) =>
        [.. TableDigest.Differences(Tables, other.Tables), .. TableDigest.Differences(Files, other.Files)];
}
