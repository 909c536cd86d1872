using Backup.Core.Archives.Manifest;
using Backup.Core.Pipeline.Sources;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>What tells the source of a run from others: its database, and its object store.</summary>
/// <param name="Database">The database's name; <see langword="null"/> without one.</param>
/// <param name="Oid">The database's number in its cluster, where it has one.</param>
/// <param name="Server">The number of the cluster; <see langword="null"/> where the server does not tell.</param>
/// <param name="Store">Where the object store is; <see langword="null"/> without one.</param>
internal sealed record SourceIdentity(string? Database, uint? Oid, string? Server, string? Store)
{
    /// <summary>Reads it off what a run has opened.</summary>
    /// <param name="sources">What the run reads from.</param>
    /// <param name="cancellationToken">Cancels the question to the server.</param>
    public static async Task<SourceIdentity> ReadAsync(OpenedSources sources, CancellationToken cancellationToken)
    {
        var server = sources.Snapshot is { } snapshot ? await snapshot.ReadIdentityAsync(cancellationToken).ConfigureAwait(false) : null;
        var info = sources.Snapshot?.Info;
        return new SourceIdentity(info?.DatabaseName, info?.DatabaseOid, server, sources.Store?.Capabilities.Location);
    }

    /// <summary>Says why a backup is not one of this source, with all that the run copies of it. What either side does not know counts as equal.</summary>
    /// <returns>The reason, to follow the backup's id; <see langword="null"/> when it is one.</returns>
    public string? FindDifference(BackupManifest manifest)
    {
        if (Database is not null)
        {
            if (manifest.Database is not { } section)
            {
                return "holds no database";
            }

            if (Server is not null && section.SystemIdentifier is { } server && server != Server)
            {
                return $"is of another server's database {section.Name}";
            }

            // A database keeps its number when it is renamed; two clusters give the same numbers.
            var isKnown = Server is not null && section.SystemIdentifier is not null && Oid is not null && section.Oid is not null;
            if (isKnown ? section.Oid != Oid : section.Name != Database || (section.Oid ?? Oid) != (Oid ?? section.Oid))
            {
                return $"is of another database, {section.Name}";
            }
        }

        return Store is null || manifest.Storage?.Location == Store ? null
            : manifest.Storage is null ? "holds no buckets"
            : $"is of another store, {manifest.Storage.Location}";
    }
}
