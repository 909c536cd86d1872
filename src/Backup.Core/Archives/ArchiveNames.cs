using System.Globalization;

namespace Backup.Core.Archives;

/// <summary>The names of a backup's files inside its folder, and of its folder inside the sink.</summary>
internal static class ArchiveNames
{
    /// <summary>The file that commits a backup.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>The name of a zip file.</summary>
    /// <param name="number">The volume's number, from 1.</param>
    public static string Volume(int number) => string.Create(CultureInfo.InvariantCulture, $"volume-{number:D4}.zip");

    /// <summary>Whether a name in the sink is that of a zip file.</summary>
    public static bool IsVolume(string name) => name.EndsWith(".zip", StringComparison.Ordinal);

    /// <summary>The name of a part of the index.</summary>
    /// <param name="number">The part's number, from 1.</param>
    public static string IndexPart(int number) => string.Create(CultureInfo.InvariantCulture, $"index-{number:D4}.ndjson.gz");

    /// <summary>The name of a backup's file in the sink.</summary>
    /// <param name="id">The backup.</param>
    /// <param name="file">The file's name inside the backup's folder.</param>
    public static string InSink(BackupId id, string file) => $"{id.Value}/{file}";
}
