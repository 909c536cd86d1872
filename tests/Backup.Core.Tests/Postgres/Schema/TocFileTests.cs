using System.Text;
using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class TocFileTests
{
    private static readonly DatabaseSchema Schema = new(
    [
        new TocEntry { Id = 1, Section = TocSection.PreData, Kind = "TABLE", Schema = "public", Name = "Ünï \"t\"", Create = "CREATE <t>;\n" },
        new TocEntry { Id = 2, Section = TocSection.Data, Kind = "TABLE DATA", Name = "t", Create = "", DependsOn = [1] },
    ]);

    [Fact]
    public async Task WriteAsync_ThenRead_GivesTheSameEntries()
    {
        using var file = new MemoryStream();
        await TocFile.WriteAsync(file, Schema, CancellationToken.None);
        file.Position = 0;

        var read = await TocFile.ReadAsync(file, CancellationToken.None);

        Assert.Equal(Schema.Entries.Select(entry => (entry.Id, entry.Section, entry.Kind, entry.Name, entry.Create)),
            read.Entries.Select(entry => (entry.Id, entry.Section, entry.Kind, entry.Name, entry.Create)));
        Assert.Equal([1], read.Entries[1].DependsOn);
    }

    [Fact]
    public async Task WriteAsync_WhatOnlySomeServersKnow_IsReadAgain()
    {
        var entry = Schema.Entries[0] with
        {
            Requires = [VersionRequirement.From(15, "this"), VersionRequirement.Until(17, "that")],
            Variants = [new StatementVariant { Since = 15, Before = 18, Create = "CREATE older;\n", Note = "n" }],
        };
        using var file = new MemoryStream();
        await TocFile.WriteAsync(
            file, new DatabaseSchema([entry]) { Unsupported = [new UnsupportedObject("widget", "why")] }, CancellationToken.None);
        file.Position = 0;

        var read = await TocFile.ReadAsync(file, CancellationToken.None);

        Assert.Equal(entry.Requires, read.Entries[0].Requires);
        Assert.Equal(entry.Variants, read.Entries[0].Variants);
        Assert.Equal([new UnsupportedObject("widget", "why")], read.Unsupported);
    }

    [Fact]
    public async Task WriteAsync_Names_StayReadable()
    {
        using var file = new MemoryStream();
        await TocFile.WriteAsync(file, Schema, CancellationToken.None);

        var text = Encoding.UTF8.GetString(file.ToArray());

        Assert.Contains("Ünï", text, StringComparison.Ordinal);
        Assert.Contains("CREATE <t>", text, StringComparison.Ordinal);
        Assert.Contains("\"pre-data\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"version":1,"entries":null}""")]
    [InlineData("""{"version":1,"entries":[null]}""")]
    [InlineData("""{"version":1,"entries":[{"id":2,"section":"data","kind":"T","name":"t","create":""}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":"T","name":"t","create":"","dependsOn":[1]}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":"T","name":"t","create":"","requires":[null]}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":"T","name":"t","create":"","variants":[{"create":null}]}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":null,"name":"t","create":""}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":"T","name":null,"create":""}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":"T","name":"t","create":null}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":"T","name":"t","create":"","roles":null}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":"T","name":"t","create":"","roles":[null]}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"data","kind":"T","name":"t","create":"","dependsOn":null}]}""")]
    [InlineData("""{"version":1,"entries":[],"unsupported":[null]}""")]
    [InlineData("""{"version":1,"entries":[],"unsupported":[{"name":"n"}]}""")]
    [InlineData("""{"version":1,"entries":[{"id":1,"section":"later","kind":"T","name":"t","create":""}]}""")]
    public async Task ReadAsync_Damaged_SaysSo(string text)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text));

        var exception = await Assert.ThrowsAsync<ArchiveFormatException>(() => TocFile.ReadAsync(file, CancellationToken.None));

        Assert.Equal("database/toc.json", exception.Subject);
    }

    [Fact]
    public async Task ReadAsync_NewerVersion_IsRefused()
    {
        using var file = new MemoryStream("""{"version":2,"entries":[]}"""u8.ToArray());

        await Assert.ThrowsAsync<UnsupportedFormatVersionException>(() => TocFile.ReadAsync(file, CancellationToken.None));
    }
}
