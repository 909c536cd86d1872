namespace Backup.Core.Tests.Documentation;

public sealed class ReadmeTests
{
    [Fact]
    public async Task Readme_QuickStart_IsTheCompiledSample()
    {
        var root = FindRoot();
        var readme = await File.ReadAllTextAsync(Path.Join(root, "README.md"));
        var sample = await File.ReadAllTextAsync(Path.Join(root, "samples", "Minimal", "Program.cs"));

        Assert.Contains($"```csharp\n{sample}```", readme, StringComparison.Ordinal);
    }

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
