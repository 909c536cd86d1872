using Backup.Core.Archives.Manifest;

namespace Backup.Core.Archives.Resuming;

/// <summary>What a checkpoint must keep to beyond being the right JSON.</summary>
internal static class CheckpointRules
{
    /// <summary>Finds the first rule that a checkpoint breaks, taken by itself.</summary>
    /// <param name="checkpoint">The checkpoint as it was read.</param>
    /// <returns>What is wrong, to follow the file's name; <see langword="null"/> when all is well.</returns>
    public static string? FindFault(Checkpoint? checkpoint) => checkpoint switch
    {
        null => "is empty",
        _ when !ManifestVersion.TryParse(checkpoint.FormatVersion, out _, out _) =>
            $"has the format version '{checkpoint.FormatVersion}', which no checkpoint has",
        _ when checkpoint.Number < 1 || checkpoint.Run.Part < 1 || checkpoint.Run.Fingerprint.Length == 0 => "does not say of what it is",
        _ when !IsIndexed(checkpoint) => "describes its volume wrongly",
        _ when checkpoint.Tables.Any(table => table is null || !ManifestRules.IsTable(table.Record)) => "describes a table wrongly",
        _ when !checkpoint.Pages.All(IsPlan) => "describes pages wrongly",
        _ => null,
    };

    /// <summary>Finds what makes a checkpoint none that can follow others.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="previous">The one before; <see langword="null"/> for the first.</param>
    /// <param name="volumes">How many volumes those before named.</param>
    /// <param name="indexParts">How many parts of the index they named.</param>
    /// <param name="referenceParts">How many parts of the references they named.</param>
    /// <returns>What is wrong, to follow the file's name; <see langword="null"/> when all is well.</returns>
    public static string? FindFaultAfter(Checkpoint checkpoint, Checkpoint? previous, int volumes, int indexParts, int referenceParts)
    {
        var part = checkpoint.Run.Part;
        if (part < (previous?.Run.Part ?? 1) || part > (previous?.Run.Part ?? 0) + 1)
        {
            return $"is of part {part} and follows one of part {previous?.Run.Part}";
        }

        if (previous is not null && previous.Run.Fingerprint != checkpoint.Run.Fingerprint)
        {
            return "is of another request than the one before";
        }

        if (previous is not null && previous.Run.Parent != checkpoint.Run.Parent)
        {
            return "builds on another backup than the one before";
        }

        if (checkpoint.Volume is { } volume && !ManifestRules.IsVolume(volume, volumes + 1))
        {
            return $"describes volume {volumes + 1} wrongly";
        }

        for (var i = 0; i < checkpoint.IndexParts.Count; i++)
        {
            if (!ManifestRules.IsIndexPart(checkpoint.IndexParts[i], indexParts + i + 1) || checkpoint.IndexParts[i].Volume != volumes + 1)
            {
                return $"describes index part {indexParts + i + 1} wrongly";
            }
        }

        var references = checkpoint.ReferenceParts ?? [];
        for (var i = 0; i < references.Count; i++)
        {
            if (!ManifestRules.IsReferencePart(references[i], referenceParts + i + 1))
            {
                return $"describes reference part {referenceParts + i + 1} wrongly";
            }
        }

        return null;
    }

    private static bool IsIndexed(Checkpoint checkpoint) =>
        !checkpoint.IndexParts.Any(part => part is null)
        && checkpoint.IndexParts.Sum(part => (long)part.Entries) == (checkpoint.Volume?.Entries ?? 0);

    private static bool IsPlan(CheckpointPages? pages) =>
        pages is { HeapBlocks: >= 0, PageBlocks: > 0 } && ManifestRules.IsFolder(pages.Path)
        && pages.Pages.All(page => page is { Number: > 0, Rows: >= 0, RawBytes: >= 0 });
}
