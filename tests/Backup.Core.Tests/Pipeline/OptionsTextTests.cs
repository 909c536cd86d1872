using Backup.Core.Pipeline;

namespace Backup.Core.Tests.Pipeline;

public sealed class OptionsTextTests
{
    [Fact]
    public void Of_Defaults_NamesEverySetting()
    {
        var text = OptionsText.Of(new BackupOptions());

        Assert.All(typeof(BackupOptions).GetProperties(), setting => Assert.Contains($"{setting.Name}=", text, StringComparison.Ordinal));
        Assert.Contains("Connections=automatic", text, StringComparison.Ordinal);
    }
}
