using System.Globalization;

namespace Backup.Core.Archives;

/// <summary>The names of a backup's files inside its folder, and of its folder inside the sink.</summary>
internal static class ArchiveNames
{
    /// <summary>The file that commits a backup.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>How the names of zip files begin.</summary>
    public const string VolumePrefix = "volume-";

    /// <summary>How the names of the index's parts begin.</summary>
    public const string IndexPrefix = "index-";

    /// <summary>How the names of the references' parts begin.</summary>
    public const string ReferencePrefix = "references-";

    /// <summary>How the names of checkpoints begin.</summary>
    public const string CheckpointPrefix = "checkpoint-";

    /// <summary>How the names of leases begin.</summary>
    public const string LeasePrefix = "lease-";

    /// <summary>The file that says of a backup that it is about to be removed: no run may begin to build on it.</summary>
    public const string PruneMark = "prune-mark.json";

    /// <summary>The name of a zip file.</summary>
    /// <param name="number">The volume's number, from 1.</param>
    public static string Volume(int number) => string.Create(CultureInfo.InvariantCulture, $"{VolumePrefix}{number:D4}.zip");

    /// <summary>Whether a name in the sink is that of a zip file.</summary>
    public static bool IsVolume(string name) => name.EndsWith(".zip", StringComparison.Ordinal);

    /// <summary>The name of a part of the index.</summary>
    /// <param name="number">The part's number, from 1.</param>
    public static string IndexPart(int number) => string.Create(CultureInfo.InvariantCulture, $"{IndexPrefix}{number:D4}.ndjson.gz");

    /// <summary>The name of a part of the references.</summary>
    /// <param name="number">The part's number, from 1.</param>
    public static string ReferencePart(int number) => string.Create(CultureInfo.InvariantCulture, $"{ReferencePrefix}{number:D4}.ndjson.gz");

    /// <summary>The number of a zip file.</summary>
    /// <param name="file">A name inside a backup's folder.</param>
    /// <returns>The number; <see langword="null"/> when the name is no zip file's.</returns>
    public static int? VolumeNumber(string file) => Number(file, VolumePrefix, Volume);

    /// <summary>The number of a part of the index.</summary>
    /// <param name="file">A name inside a backup's folder.</param>
    /// <returns>The number; <see langword="null"/> when the name is none of them.</returns>
    public static int? IndexPartNumber(string file) => Number(file, IndexPrefix, IndexPart);

    /// <summary>The number of a part of the references.</summary>
    /// <param name="file">A name inside a backup's folder.</param>
    /// <returns>The number; <see langword="null"/> when the name is none of them.</returns>
    public static int? ReferencePartNumber(string file) => Number(file, ReferencePrefix, ReferencePart);

    /// <summary>The name of a checkpoint.</summary>
    /// <param name="number">The checkpoint's number, from 1.</param>
    public static string Checkpoint(int number) => string.Create(CultureInfo.InvariantCulture, $"{CheckpointPrefix}{number:D4}.json");

    /// <summary>The name of a lease.</summary>
    /// <param name="number">The lease's number, from 1.</param>
    public static string Lease(int number) => string.Create(CultureInfo.InvariantCulture, $"{LeasePrefix}{number:D4}.json");

    /// <summary>The number of a lease.</summary>
    /// <param name="file">A name inside a backup's folder.</param>
    /// <returns>The number; <see langword="null"/> when the name is no lease's.</returns>
    public static int? LeaseNumber(string file) => Number(file, LeasePrefix, Lease);

    /// <summary>The number of a checkpoint.</summary>
    /// <param name="file">A name inside a backup's folder.</param>
    /// <returns>The number; <see langword="null"/> when the name is no checkpoint's.</returns>
    public static int? CheckpointNumber(string file) => Number(file, CheckpointPrefix, Checkpoint);

    /// <summary>Says whether a file only serves a run that is going on or suspended: no reader of a finished backup looks at it.</summary>
    /// <param name="file">A name inside a backup's folder.</param>
    public static bool IsOfRun(string file) => LeaseNumber(file) is not null || CheckpointNumber(file) is not null;

    /// <summary>The name of a backup's file in the sink.</summary>
    /// <param name="id">The backup.</param>
    /// <param name="file">The file's name inside the backup's folder.</param>
    public static string InSink(BackupId id, string file) => $"{id.Value}/{file}";

    private static int? Number(string file, string prefix, Func<int, string> name) =>
        file.StartsWith(prefix, StringComparison.Ordinal) && file.IndexOf('.', StringComparison.Ordinal) is var dot and > 0
        && int.TryParse(file.AsSpan(prefix.Length, Math.Max(0, dot - prefix.Length)), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0 && name(number) == file
            ? number
            : null;
}
