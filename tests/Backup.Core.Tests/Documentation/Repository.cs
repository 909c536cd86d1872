namespace Backup.Core.Tests.Documentation;

/// <summary>The files of the repository that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Reads one of them.</summary>
    public static Task<string> ReadAsync(params string[] path) => File.ReadAllTextAsync(Path.Join([FindRoot(), .. path]));

    /// <summary>The paths of the documents of its root and of <c>docs</c>.</summary>
    /// <param name="pattern">Their names.</param>
    public static IEnumerable<string> Find(string pattern) =>
        new[] { "", "docs" }.SelectMany(folder => Directory.EnumerateFiles(Path.Join(FindRoot(), folder), pattern))
            .Select(file => Path.GetRelativePath(FindRoot(), file));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Join(folder, "Backup.Core.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder;
    }
}
