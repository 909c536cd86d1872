namespace Backup.TestKit.Storage.Protocol;

/// <summary>A row of a folder's listing.</summary>
/// <param name="Name">The name below the folder, without a slash at its end.</param>
/// <param name="Row">The object, or <see langword="null"/> for a folder.</param>
internal readonly record struct FolderItem(string Name, ObjectRow? Row);
