namespace Backup.Cli.Progress;

/// <summary>One table or object that is being worked on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Percent">How much of it is done, from 0 to 100; <see langword="null"/> when that cannot be told.</param>
/// <param name="Facts">Its own counts and sizes.</param>
internal sealed record ProgressItem(string Name, double? Percent, string Facts);
