using Backup.Core.Archives;
using Backup.Core.Restore;
using Backup.Core.Restore.Files;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Restore.Files;

public sealed class UploadSourceTests
{
    [Fact]
    public async Task TryComplete_SecondAttemptIsSparedTheBytes_CountsThemOnce()
    {
        var (source, reports) = await OpenAsync();
        await ReadAsync(source, 4);
        await ReadAsync(source, 0);

        Assert.True(source.TryComplete());
        Assert.Equal(4, reports.Last!.FileBytes);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 0)]
    [InlineData(0, 3)]
    public async Task TryComplete_NoAttemptHasReadAll_IsFalse(int first, int second)
    {
        var (source, _) = await OpenAsync();
        await ReadAsync(source, first);
        await ReadAsync(source, second);

        Assert.False(source.TryComplete());
    }

    private static async Task<(UploadSource Source, Reports Reports)> OpenAsync()
    {
        var sink = await new FilesBackup().With("b", "a", "text").WriteAsync();
        var archive = await ArchiveReader.OpenAsync(sink, ArchiveBuilder.Id, CancellationToken.None);
        var entry = await archive.ReadIndexAsync("storage/b/", CancellationToken.None).SingleAsync();
        var reports = new Reports();
        return (new UploadSource(archive, entry, new RestoreTracker(reports, TimeProvider.System, TimeSpan.Zero)), reports);
    }

    private static async Task ReadAsync(UploadSource source, int bytes)
    {
        await using var content = await source.OpenAsync(CancellationToken.None);
        await content.ReadExactlyAsync(new byte[bytes]);
    }

    private sealed class Reports : IProgress<RestoreProgress>
    {
        public RestoreProgress? Last { get; private set; }

        public void Report(RestoreProgress value) => Last = value;
    }
}
