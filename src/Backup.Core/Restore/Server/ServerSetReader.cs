using Backup.Core.Archives;
using Backup.Core.Errors;
using Backup.Core.Postgres.Server;

namespace Backup.Core.Restore.Server;

/// <summary>Reads what a backup has of the server, where a request is about it.</summary>
internal static class ServerSetReader
{
    private const int VersionsPerMajor = 10_000;

    /// <summary>Reads it.</summary>
    /// <exception cref="RestoreException">The backup does not have what was asked for.</exception>
    /// <exception cref="ArchiveFormatException">An entry is damaged.</exception>
    public static async Task<ServerSet> ReadAsync(ArchiveReader archive, RestoreRequest request, CancellationToken cancellationToken)
    {
        var database = archive.Manifest.Database;
        return new ServerSet
        {
            SkipsOwners = request.SkipOwnersAndPrivileges,
            HoldsRoles = database?.Roles is not null,
            SourceMajorVersion = (database?.ServerVersionNumber ?? 0) / VersionsPerMajor,
            Roles = request.WithRoles
                ? await ReadAsync(
                    archive, EntryPaths.Roles, ServerFiles.ReadRolesAsync, "roles", "Roles are in a backup only where it is made with them.", cancellationToken)
                    .ConfigureAwait(false)
                : null,
            Settings = request.WithDatabaseSettings
                ? await ReadAsync(
                    archive,
                    EntryPaths.Settings,
                    ServerFiles.ReadSettingsAsync,
                    "settings of its database",
                    "Backups of format 1.4 and later have them, unless the server hides them from the role that makes the backup.",
                    cancellationToken).ConfigureAwait(false)
                : null,
        };
    }

    private static async Task<T> ReadAsync<T>(
        ArchiveReader archive,
        string path,
        Func<Stream, string, CancellationToken, Task<T>> read,
        string what,
        string hint,
        CancellationToken cancellationToken)
    {
        var entry = await archive.FindAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new RestoreException($"The backup {archive.Manifest.Id} holds no {what}.") { Subject = archive.Manifest.Id.Value, Hint = hint };
        if (entry.RawBytes > ServerFiles.MaxBytes)
        {
            throw new ArchiveFormatException(
                $"The backup {archive.Manifest.Id} cannot be restored: its {path} has {entry.RawBytes} bytes, the most are {ServerFiles.MaxBytes}.")
            {
                Subject = path,
                Hint = "Verify the backup and restore from another one.",
            };
        }

        var stream = await archive.OpenEntryAsync(entry, cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        return await read(stream, path, cancellationToken).ConfigureAwait(false);
    }
}
