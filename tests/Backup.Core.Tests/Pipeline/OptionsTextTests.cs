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

    [Fact]
    public void Of_Timeouts_NamesTheLimitOfAnItemOrThatThereIsNone()
    {
        Assert.Contains("01:00:00 item", OptionsText.Of(new BackupOptions()), StringComparison.Ordinal);
        Assert.Contains("unlimited item", OptionsText.Of(new BackupOptions { Timeouts = { Item = null } }), StringComparison.Ordinal);
    }
}
