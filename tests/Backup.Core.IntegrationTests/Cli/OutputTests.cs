using Backup.Cli.Output;
using Backup.Cli.Progress;
using Backup.Core.Errors;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.IntegrationTests.Cli;

public sealed class OutputTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("1048576", 1048576)]
    [InlineData("64k", 65536)]
    [InlineData("128MiB", 134217728)]
    [InlineData("128 mib", 134217728)]
    [InlineData("128M", 134217728)]
    [InlineData("1MB", 1000000)]
    [InlineData("1.5GiB", 1610612736)]
    [InlineData("2tib", 2199023255552)]
    public void ByteSizeTryParse_Size_IsItsBytes(string text, long expected)
    {
        Assert.True(ByteSize.TryParse(text, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("MiB")]
    [InlineData("lots")]
    [InlineData("1,5MiB")]
    [InlineData("1e6")]
    [InlineData("0.1B")]
    [InlineData("99999999TiB")]
    public void ByteSizeTryParse_AnythingElse_IsNone(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(1048575, "1.0 MiB")]
    [InlineData(36175872, "34.5 MiB")]
    [InlineData(5e18, "4440.9 PiB")]
    public void ByteSizeFormat_Bytes_HasOneDecimalAndAUnit(double bytes, string expected) =>
        Assert.Equal(expected, ByteSize.Format(bytes));

    [Theory]
    [InlineData(3.21, "3.2 s")]
    [InlineData(65, "1:05")]
    [InlineData(3905, "1:05:05")]
    [InlineData(360000, "100:00:00")]
    public void WordsDuration_Seconds_AreReadable(double seconds, string expected) =>
        Assert.Equal(expected, Words.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1, "table", "1 table")]
    [InlineData(0, "table", "0 tables")]
    [InlineData(1234, "entry", "1,234 entries")]
    public void WordsCount_Noun_AgreesWithTheNumber(long number, string noun, string expected) =>
        Assert.Equal(expected, Words.Count(number, noun));

    [Fact]
    public void TextTable_Rows_AreAligned()
    {
        var table = new TextTable("NAME", ">ROWS");
        table.Add("a", "1");
        table.Add("long\nname", "1,000");

        Assert.Equal(["NAME        ROWS", "a              1", "long\uFFFDname  1,000"], table.Lines());
    }

    [Fact]
    public void ErrorReport_Unexpected_IsOneLineWithoutASecret()
    {
        var report = ErrorReport.Of(new InvalidOperationException("broken\n  at postgres://u:p@ss@h/d and Password='x y'; end"));

        Assert.Equal(3, report.ExitCode);
        Assert.Equal(
            "Unexpected InvalidOperationException: broken at postgres://***@h/d and Password=***; end "
            + "This is a fault of backup-core; please report it.",
            report.ToString());
    }

    [Fact]
    public void ErrorReport_BackupException_KeepsSubjectHintAndState()
    {
        var report = ErrorReport.Of(new DatabaseException("No.") { Subject = "s.t", Hint = "Try.", SqlState = "42501", IsTransient = true });

        Assert.Equal(("database", "No. Try.", "s.t", "42501", true),
            (report.Kind, report.ToString(), report.Subject, report.SqlState, report.IsTransient));
    }

    [Fact]
    public void LineProgress_ManyReports_WritesPhasesAndALineNowAndThen()
    {
        var time = new FakeTimeProvider();
        var lines = new List<string>();
        var progress = new LineProgress(lines.Add, time);

        progress.Report(new ProgressSnapshot("opening", 0, [], []));
        progress.Report(new ProgressSnapshot("copying", 1, ["a"], []));
        progress.Report(new ProgressSnapshot("copying", 2, ["b"], []));
        time.Advance(TimeSpan.FromSeconds(6));
        progress.Report(new ProgressSnapshot("copying", 50.4, ["c", "d"], []));
        progress.Report(new ProgressSnapshot("closing", 0, ["e"], []));
        time.Advance(TimeSpan.FromSeconds(6));
        progress.Report(new ProgressSnapshot("closing", 0, ["f"], []));
        progress.Report(new ProgressSnapshot(ProgressSnapshot.Over, 100, [], []));

        Assert.Equal(["opening", "copying: 1 %, a", "copying: 50 %, c, d", "closing", "closing: 0 %, f"], lines);
    }
}
