namespace Backup.Core.Archives.Referencing;

/// <summary>What the entries of a <see cref="ParentPart"/> refer to by number.</summary>
/// <param name="Paths">Paths in other volumes that cannot be told from what is asked for; only the folder where the file is as expected.</param>
/// <param name="Properties">What is known of objects beside what tells versions apart.</param>
/// <param name="Backups">The backups that hold bytes, other than the parent.</param>
internal sealed record ParentTexts(string[] Paths, ObjectProperties[] Properties, BackupId[] Backups)
{
    /// <summary>The last segment of a path.</summary>
    public static ReadOnlySpan<char> FileOf(string path) => path.AsSpan(path.LastIndexOf('/') + 1);

    /// <summary>A path of <see cref="Paths"/>.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="expectedPath">The path that the entry would have there by what is asked for.</param>
    public string PathOf(int number, string expectedPath)
    {
        var text = Paths[number];
        return text is [] or [.., '/'] ? string.Concat(text, FileOf(expectedPath)) : text;
    }
}
