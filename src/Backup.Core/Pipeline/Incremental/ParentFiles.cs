using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Pipeline.Incremental;

/// <summary>Looks whether all files are there that a backup which is built on another one will need: those of the parent and of all that it references.</summary>
/// <remarks>Names and sizes only: what lies inside the volumes is the verifier's. Asked after the lease says what the run needs.</remarks>
internal static class ParentFiles
{
    /// <summary>The backups whose files a backup needs to be read: its own and those that it references, sorted.</summary>
    public static IReadOnlyList<BackupId> NeededBy(BackupManifest manifest) =>
        [.. (manifest.References ?? []).Select(reference => reference.Id).Append(manifest.Id).Order()];

    /// <summary>Finds what is missing.</summary>
    /// <param name="sink">Where the backups lie.</param>
    /// <param name="parent">The parent's manifest.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>What is wrong, to follow the parent's id; <see langword="null"/> when all is there and nothing is about to be removed.</returns>
    /// <exception cref="SinkException">The sink cannot be read.</exception>
    public static async Task<string?> FindFaultAsync(IBackupSink sink, BackupManifest parent, CancellationToken cancellationToken)
    {
        if (await FindFileFaultAsync(sink, parent, cancellationToken).ConfigureAwait(false) is { } own)
        {
            return own;
        }

        foreach (var reference in parent.References ?? [])
        {
            var fault = await FindReferenceFaultAsync(sink, reference, cancellationToken).ConfigureAwait(false);
            if (fault is not null)
            {
                return $"references backup {reference.Id}, which {fault}";
            }
        }

        return null;
    }

    private static async Task<string?> FindReferenceFaultAsync(IBackupSink sink, ReferenceRecord reference, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = await ManifestFile.ReadAsync(sink, reference.Id, cancellationToken).ConfigureAwait(false);
            return manifest.Digest == reference.Digest
                ? await FindFileFaultAsync(sink, manifest, cancellationToken).ConfigureAwait(false)
                : "is not the one that was referenced: its manifest has another digest";
        }
        catch (BackupException exception) when (exception is BackupNotFoundException or SinkException { IsNotFound: true })
        {
            return "is not there any more";
        }
        catch (ArchiveFormatException damage)
        {
            return $"is damaged: {damage.Message}";
        }
    }

    private static async Task<string?> FindFileFaultAsync(IBackupSink sink, BackupManifest manifest, CancellationToken cancellationToken)
    {
        var files = await RunFiles.ListAsync(sink, manifest.Id, string.Empty, cancellationToken).ConfigureAwait(false);
        if (!files.ContainsKey(ArchiveNames.Manifest))
        {
            return "is not there any more";
        }

        if (files.ContainsKey(ArchiveNames.PruneMark))
        {
            return "is about to be removed";
        }

        var named = manifest.Volumes.Select(volume => (volume.Name, volume.Bytes))
            .Concat(manifest.IndexParts.Select(part => (part.Name, part.Bytes)))
            .Concat((manifest.ReferenceParts ?? []).Select(part => (part.Name, part.Bytes)));
        foreach (var (name, bytes) in named)
        {
            if (files.GetValueOrDefault(name, -1) is var actual && actual != bytes)
            {
                return $"is damaged: {name} {(actual < 0 ? "is missing" : $"has {actual} bytes")} where there should be {bytes}";
            }
        }

        return null;
    }
}
