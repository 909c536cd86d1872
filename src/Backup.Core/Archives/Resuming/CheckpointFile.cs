using System.Text.Json;
using Backup.Core.Archives.Manifest;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Archives.Resuming;

/// <summary>Writes and reads <c>checkpoint-NNNN.json</c>, sealed as <see cref="SealedJson"/> does. docs/format.md specifies it.</summary>
internal static class CheckpointFile
{
    private const string Advice = "The run cannot be taken up again: begin a new one, and remove this one with 'backup-core clean --all'.";

    /// <summary>Encodes a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <exception cref="ArchiveFormatException">It would be larger than <see cref="ArchiveLimits.MaxManifestBytes"/>.</exception>
    public static byte[] Serialize(Checkpoint checkpoint)
    {
        var file = SealedJson.Serialize(checkpoint, CheckpointJson.Default.Checkpoint);
        return file.Length <= ArchiveLimits.MaxManifestBytes
            ? file
            : throw new ArchiveFormatException(
                $"A checkpoint of backup {checkpoint.Id} would have {file.Length} bytes; the most are {ArchiveLimits.MaxManifestBytes}.")
            {
                Subject = checkpoint.Id.Value,
                Hint = "Back up fewer tables at once, or make smaller volumes.",
            };
    }

    /// <summary>Decodes and checks a checkpoint.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="subject">The file's name, for messages.</param>
    /// <exception cref="ArchiveFormatException">The file is cut short, changed, or says what cannot be.</exception>
    /// <exception cref="UnsupportedFormatVersionException">A newer version wrote it.</exception>
    public static Checkpoint Parse(ReadOnlySpan<byte> file, string subject)
    {
        if (!SealedJson.HasItsDigest(file))
        {
            throw Damaged(subject, "was cut short or changed: its digest does not fit its content");
        }

        try
        {
            ThrowIfNewer(file, subject);
            var checkpoint = JsonSerializer.Deserialize(file, CheckpointJson.Default.Checkpoint);
            return CheckpointRules.FindFault(checkpoint) is { } fault ? throw Damaged(subject, fault) : checkpoint!;
        }
        catch (JsonException exception)
        {
            throw Damaged(subject, $"is no checkpoint: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="sink">Where the backup lies.</param>
    /// <param name="id">The backup.</param>
    /// <param name="number">The checkpoint's number.</param>
    /// <param name="bytes">The file's size.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ArchiveFormatException">It is damaged, or that of another backup.</exception>
    public static async ValueTask<Checkpoint> ReadAsync(
        IBackupSink sink, BackupId id, int number, long bytes, CancellationToken cancellationToken)
    {
        var name = ArchiveNames.InSink(id, ArchiveNames.Checkpoint(number));
        if (bytes > ArchiveLimits.MaxManifestBytes)
        {
            throw Damaged(name, $"has {bytes} bytes; the most are {ArchiveLimits.MaxManifestBytes}");
        }

        var checkpoint = Parse(await WholeFile.ReadAsync(sink, name, bytes, cancellationToken).ConfigureAwait(false), name);
        return checkpoint.Id == id && checkpoint.Number == number
            ? checkpoint
            : throw Damaged(name, $"is the checkpoint {checkpoint.Number} of backup {checkpoint.Id}");
    }

    /// <summary>What to throw for a checkpoint that cannot be used.</summary>
    /// <param name="subject">The file's name.</param>
    /// <param name="what">What is wrong with it, to follow its name.</param>
    /// <param name="exception">The cause.</param>
    public static ArchiveFormatException Damaged(string subject, string what, Exception? exception = null) =>
        new($"{subject} {what}.", exception) { Subject = subject, Hint = Advice };

    // What a newer minor version adds to a checkpoint must not get lost on the way to the manifest.
    private static void ThrowIfNewer(ReadOnlySpan<byte> file, string subject)
    {
        if (ManifestVersion.Find(file) is { } version
            && FormatVersions.IsNewer(version))
        {
            throw new UnsupportedFormatVersionException(
                $"{subject} has format version {version}; this library goes on with runs of versions up to "
                + $"{FormatVersions.Plain} and {FormatVersions.Referencing}.")
            {
                Subject = subject,
                Hint = "Take the run up with the version of Backup.Core that began it.",
            };
        }
    }
}
