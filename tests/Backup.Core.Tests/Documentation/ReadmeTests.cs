namespace Backup.Core.Tests.Documentation;

public sealed class ReadmeTests
{
    [Fact]
    public async Task Documents_AnyOfThem_HoldNoMergeConflict()
    {
        foreach (var document in Repository.Find("*.md"))
        {
            var lines = (await Repository.ReadAsync(document)).Split('\n');

            Assert.DoesNotContain(lines, line => line.StartsWith("<<<<<<<", StringComparison.Ordinal) || line.StartsWith(">>>>>>>", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Readme_QuickStart_IsTheCompiledSample()
    {
        var readme = await Repository.ReadAsync("README.md");
        var sample = await Repository.ReadAsync("samples", "Minimal", "Program.cs");

        Assert.Contains($"```csharp\n{sample}```", readme, StringComparison.Ordinal);
    }
}
