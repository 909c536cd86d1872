using System.Text.Json;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Manifest;

/// <summary>
/// Writes and reads <c>manifest.json</c>, sealed as <see cref="SealedJson"/> does. docs/format.md specifies it.
/// </summary>
internal static class ManifestFile
{
    private const string Advice = "The backup cannot be used; take another one, or copy this one again from where it came.";

    /// <summary>Encodes a manifest.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <returns>The file's bytes.</returns>
    /// <exception cref="ArchiveFormatException">It would be larger than <see cref="ArchiveLimits.MaxManifestBytes"/>.</exception>
    public static byte[] Serialize(BackupManifest manifest)
    {
        var file = SealedJson.Serialize(manifest with { Digest = null }, ManifestJson.Default.BackupManifest);
        if (file.Length > ArchiveLimits.MaxManifestBytes)
        {
            throw new ArchiveFormatException(
                $"The manifest of backup {manifest.Id} would have {file.Length} bytes; the most are {ArchiveLimits.MaxManifestBytes}.")
            {
                Subject = manifest.Id.Value,
                Hint = "Back up fewer tables at once.",
            };
        }

        return file;
    }

    /// <summary>Decodes and checks a manifest.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="subject">The file's name, for messages.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="ArchiveFormatException">The file is cut short, changed, or says what cannot be.</exception>
    /// <exception cref="UnsupportedFormatVersionException">It was written in a newer major version.</exception>
    public static BackupManifest Parse(ReadOnlySpan<byte> file, string subject)
    {
        // Before the digest: a newer major version may have another one.
        if (ManifestVersion.Find(file) is { Major: > BackupManifest.CurrentMajorVersion and var major })
        {
            throw new UnsupportedFormatVersionException(
                $"{subject} has format version {major}; this library reads versions up to {BackupManifest.CurrentMajorVersion}.")
            {
                Subject = subject,
                Hint = "Use a newer version of Backup.Core.",
            };
        }

        if (!SealedJson.HasItsDigest(file))
        {
            throw Damaged(subject, "was cut short or changed: its digest does not fit its content");
        }

        try
        {
            var manifest = JsonSerializer.Deserialize(file, ManifestJson.Default.BackupManifest);
            return ManifestRules.FindFault(manifest) is { } fault ? throw Damaged(subject, fault) : manifest!;
        }
        catch (JsonException exception)
        {
            throw Damaged(subject, $"is no manifest: {exception.Message}", exception);
        }
    }

    /// <summary>Reads the manifest of a backup.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="BackupNotFoundException">There is none.</exception>
    /// <exception cref="ArchiveFormatException">It is damaged, or that of another backup.</exception>
    public static async ValueTask<BackupManifest> ReadAsync(IBackupSink sink, BackupId id, CancellationToken cancellationToken)
    {
        var name = ArchiveNames.InSink(id, ArchiveNames.Manifest);
        if (await FindSizeAsync(sink, id, name, cancellationToken).ConfigureAwait(false) is not { } bytes)
        {
            throw new BackupNotFoundException($"{sink.Capabilities.Location} holds no finished backup {id}.")
            {
                Subject = id.Value,
                Hint = "List the backups that are there; a run that did not finish leaves none.",
            };
        }

        if (bytes > ArchiveLimits.MaxManifestBytes)
        {
            throw Damaged(name, $"has {bytes} bytes; the most are {ArchiveLimits.MaxManifestBytes}");
        }

        var file = await WholeFile.ReadAsync(sink, name, bytes, cancellationToken).ConfigureAwait(false);
        var manifest = Parse(file, name);
        return manifest.Id == id ? manifest : throw Damaged(name, $"is the manifest of another backup, {manifest.Id}");
    }

    private static async ValueTask<long?> FindSizeAsync(
        IBackupSink sink, BackupId id, string name, CancellationToken cancellationToken)
    {
        if (!BackupId.TryParse(id.Value, out _))
        {
            return null;
        }

        await foreach (var item in sink.ListAsync(name, cancellationToken).ConfigureAwait(false))
        {
            if (item.Name == name)
            {
                return item.Bytes;
            }
        }

        return null;
    }

    private static ArchiveFormatException Damaged(string subject, string what, Exception? exception = null) =>
        new($"{subject} {what}.", exception) { Subject = subject, Hint = Advice };
}
