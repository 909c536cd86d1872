namespace Backup.Core.Tests.Documentation;

public sealed class ReadmeTests
{
    [Fact]
    public async Task Readme_QuickStart_IsTheCompiledSample()
    {
        var readme = await Repository.ReadAsync("README.md");
        var sample = await Repository.ReadAsync("samples", "Minimal", "Program.cs");

        Assert.Contains($"```csharp\n{sample}```", readme, StringComparison.Ordinal);
    }
}
