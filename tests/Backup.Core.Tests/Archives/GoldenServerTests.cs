using System.Text;
using Backup.Core.Archives;
using Backup.Core.Archives.Manifest;
using Backup.Core.Postgres.Schema;
using Backup.Core.Postgres.Server;
using Backup.Core.Sinks;
using Backup.Core.Tests.Archives.Referencing;
using Backup.Core.Verification;

namespace Backup.Core.Tests.Archives;

/// <summary>
/// A full backup of format 1.4 and an incremental one of 2.1, as the first release with large objects, roles and settings wrote them. The files
/// are never written again: every later reader must read them.
/// </summary>
public sealed class GoldenServerTests
{
    private static readonly DirectorySink Golden = new(Path.Join(AppContext.BaseDirectory, "Fixtures", "format-2.1"));

    [Fact]
    public async Task OpenAsync_Format21_SaysWhatTheDatabaseHas()
    {
        var full = (await OpenAsync(Golden, ServerScene.Full)).Manifest;
        var incremental = (await OpenAsync(Golden, ServerScene.Incremental)).Manifest;

        Assert.Equal(("1.4", "2.1"), (full.FormatVersion, incremental.FormatVersion));
        Assert.Equal((full.Id, 5L), (incremental.Parent, incremental.Totals.ReferencedEntries));
        Assert.All([full.Database!, incremental.Database!], database =>
        {
            Assert.Equal((2, "supabase"), (database.Roles, database.Preset));
            Assert.Equal([new UnsupportedRecord("subscription nightly", "The role may not read it.")], database.Unsupported);
            Assert.Equal(
                [("pg_largeobject", null), ("pg_largeobject_metadata", null), ("mood_0", new TableName { Schema = "public", Name = "mood" })],
                database.Tables.Select(table => (table.Name, table.LoadInto)));
        });
    }

    [Fact]
    public async Task OpenEntryAsync_Format21_GivesEveryEntry() => await AssertWholeAsync(Golden);

    [Fact]
    public async Task OpenEntryAsync_WrittenToday_GivesEveryEntry()
    {
        var sink = new InMemorySink();
        await ServerScene.WriteAsync(sink);

        await AssertWholeAsync(sink);
    }

    [Fact]
    public async Task ReadAsync_TableOfContentsOfFormat21_SaysWhatEachServerTakes()
    {
        await using var file = await OpenEntryAsync(ServerScene.Full, EntryPaths.Toc);

        var schema = await TocFile.ReadAsync(file, CancellationToken.None);

        var entry = Assert.Single(schema.Entries);
        Assert.Equal([VersionRequirement.From(15, "this"), VersionRequirement.Until(18, "that")], entry.Requires);
        Assert.Equal((null, 15, "CREATE VIEW public.recent AS SELECT 1;\n"), entry.Variants!.Select(item => (item.Since, item.Before, item.Create)).Single());
        Assert.Equal([new UnsupportedObject("subscription nightly", "The role may not read it.")], schema.Unsupported);
    }

    [Fact]
    public async Task ReadSettingsAsync_Format21_GivesThem()
    {
        await using var file = await OpenEntryAsync(ServerScene.Incremental, EntryPaths.Settings);

        var settings = await ServerFiles.ReadSettingsAsync(file, EntryPaths.Settings, CancellationToken.None);

        Assert.Equal(("shop", "app", "Läden", 7), (settings.Name, settings.Owner, settings.Comment, settings.ConnectionLimit));
        Assert.Equal(["app=CTc/app", "reader=c*/app"], settings.Privileges);
        Assert.Equal([("work_mem", "5MB")], settings.Settings.Select(item => (item.Name, item.Value)));
        Assert.Equal([("reader", "\"$user\", public")], settings.RoleSettings.Select(item => (item.Role, item.Setting.Value)));
        Assert.Equal(("UTF8", "libc", null), (settings.Locale.Encoding, settings.Locale.Provider, settings.Locale.Locale));
    }

    [Fact]
    public async Task ReadRolesAsync_Format21_GivesThem()
    {
        await using var file = await OpenEntryAsync(ServerScene.Incremental, EntryPaths.Roles);

        var list = await ServerFiles.ReadRolesAsync(file, EntryPaths.Roles, CancellationToken.None);

        Assert.Equal(
            [("app", true, true, -1, "2030-01-01 00:00:00+00"), ("reader", false, false, 3, null)],
            list.Roles.Select(role => (role.Name, role.Login, role.Inherit, role.ConnectionLimit, role.ValidUntil)));
        Assert.Equal([("reader", "app", true, false, true)], list.Memberships.Select(item => (item.Role, item.Member, item.Admin, item.Inherit!.Value, item.Set)));
        Assert.Equal([("log_statement", "app=s/postgres")], list.Parameters.Select(item => (item.Parameter, item.Privilege)));
    }

    [Fact]
    public async Task VerifyAsync_Format21_IsIntactDownToWhatOthersHold()
    {
        foreach (var id in (BackupId[])[ServerScene.Full, ServerScene.Incremental])
        {
            Assert.Empty((await new BackupVerifier(Golden).VerifyAsync(id, new VerificationOptions { Full = true })).Findings);
        }
    }

    private static async Task AssertWholeAsync(IBackupSink sink)
    {
        foreach (var id in (BackupId[])[ServerScene.Full, ServerScene.Incremental])
        {
            var reader = await OpenAsync(sink, id);
            var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
            await foreach (var entry in reader.ReadIndexAsync(string.Empty, CancellationToken.None))
            {
                using var text = new StreamReader(await reader.OpenEntryAsync(entry, CancellationToken.None), Encoding.UTF8);
                read.Add(entry.Path, await text.ReadToEndAsync());
            }

            Assert.Equal(new SortedDictionary<string, string>(ServerScene.ContentOf(id).ToDictionary(), StringComparer.Ordinal), read);
        }
    }

    private static async Task<Stream> OpenEntryAsync(BackupId id, string path)
    {
        var reader = await OpenAsync(Golden, id);
        return await reader.OpenEntryAsync((await reader.FindAsync(path, CancellationToken.None))!, CancellationToken.None);
    }

    private static async Task<ArchiveReader> OpenAsync(IBackupSink sink, BackupId id) => await ArchiveReader.OpenAsync(sink, id, CancellationToken.None);
}
