namespace Backup.Core.Archives.Referencing;

/// <summary>What the entries of a <see cref="ParentPart"/> refer to by number.</summary>
/// <param name="Paths">Paths in other volumes that cannot be told from what is asked for.</param>
/// <param name="Properties">What is known of objects beside what tells versions apart.</param>
/// <param name="Backups">The backups that hold bytes, other than the parent.</param>
internal sealed record ParentTexts(string[] Paths, ObjectProperties[] Properties, BackupId[] Backups);
