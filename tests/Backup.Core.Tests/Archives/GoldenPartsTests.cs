using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Resuming;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Archives;

/// <summary>
/// A backup of format 1.2 in three parts, one table superseded and one mixed, as the first release with parts wrote it. The files
/// are never written again: every later reader must read them.
/// </summary>
public sealed class GoldenPartsTests
{
    private static readonly BackupId Id = new("20261122T031500Z-7f3a");
    private static readonly string Folder = Path.Join(AppContext.BaseDirectory, "Fixtures", "format-1.2");

    [Fact]
    public async Task OpenAsync_Format12_HasItsParts()
    {
        var manifest = (await OpenAsync()).Manifest;

        Assert.Equal("1.2", manifest.FormatVersion);
        var start = new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero);
        Assert.Equal(
            [
                new PartRecord { Number = 1, StartedAt = start, FinishedAt = start, FirstVolume = 1 },
                new PartRecord { Number = 2, StartedAt = start.AddHours(1), FinishedAt = start.AddHours(1), FirstVolume = 3 },
                new PartRecord { Number = 3, StartedAt = start.AddHours(2), FinishedAt = start.AddHours(2), FirstVolume = 4 },
            ],
            manifest.Parts!);
        Assert.Equal(["database/data/public.film/"], manifest.Superseded);
        Assert.Equal(
            [("actor", "database/data/public.actor/", false), ("empty", "database/data/public.empty/", false), ("film", "database/data/public.film~2/", true)],
            manifest.Database!.Tables.Select(table => (table.Name, table.Path, table.Mixed)));
    }

    [Fact]
    public async Task OpenEntryAsync_Format12_GivesTheRowsOfTheTableThatWasReadAgain()
    {
        var reader = await OpenAsync();
        var rows = new StringBuilder();
        await foreach (var entry in reader.ReadIndexAsync("database/data/public.film~2/", CancellationToken.None))
        {
            using var text = new StreamReader(await reader.OpenEntryAsync(entry, CancellationToken.None), Encoding.UTF8);
            rows.Append(await text.ReadToEndAsync());
        }

        Assert.Equal("1\tfilm\n2\tfilm\n3\tfilm\n", rows.ToString());
    }

    [Fact]
    public async Task ReadIndexAsync_Format12_GivesEveryObjectOnce() => Assert.Equal(
        PartedRun.Objects,
        await (await OpenAsync()).ReadIndexAsync("storage/b/", CancellationToken.None)
            .Select(entry => entry.Object!.Name).Order(StringComparer.Ordinal).ToListAsync());

    [Fact]
    public async Task VerifyAsync_Format12_IsIntact() =>
        Assert.Empty((await new BackupVerifier(new DirectorySink(Folder)).VerifyAsync(Id)).Findings);

    private static async Task<ArchiveReader> OpenAsync() => await ArchiveReader.OpenAsync(new DirectorySink(Folder), Id, CancellationToken.None);
}
