using System.Text;
using Backup.Core.Archives.Manifest;
using Backup.Core.Archives.Resuming;
using Backup.Core.Errors;
using Backup.TestKit.Archives;

namespace Backup.Core.Tests.Archives.Resuming;

public sealed class CheckpointFileTests
{
    private static readonly Checkpoint Valid = new()
    {
        FormatVersion = "1.2",
        Id = ArchiveBuilder.Id,
        Number = 3,
        WrittenAt = DateTimeOffset.UnixEpoch,
        Run = new RunHeader { Fingerprint = "f", Part = 2, StartedAt = DateTimeOffset.UnixEpoch, SnapshotLsn = "0/1" },
        Volume = new VolumeRecord("volume-0004.zip", 10, new string('a', 64), 2),
        IndexParts = [new IndexPartRecord("index-0004.ndjson.gz", 10, new string('b', 64), 2, 4, "a", "b")],
        Tables =
        [
            new CheckpointTable
            {
                Fingerprint = "t",
                Record = new TableRecord { Schema = "s", Name = "t", Path = "database/data/s.t~2/", Columns = ["c"], Pages = 1, Rows = 2, RawBytes = 3 },
            },
        ],
        Pages =
        [
            new CheckpointPages
            {
                Schema = "s", Name = "u", Path = "database/data/s.u/", Fingerprint = "u", RelationFile = 1, HeapBlocks = 9, PageBlocks = 4,
                Pages = [new CheckpointPage(2, 10, 100)],
            },
        ],
    };

    public static TheoryData<string> Faults => new("number", "part", "fingerprint", "noVolume", "entries", "table", "plan", "page", "version");

    [Fact]
    public void Parse_WhatWasWritten_GivesTheSame()
    {
        var file = CheckpointFile.Serialize(Valid);

        Assert.Equal(file, CheckpointFile.Serialize(CheckpointFile.Parse(file, "x")));
    }

    [Fact]
    public void Parse_AnyByteChanged_Throws()
    {
        var file = CheckpointFile.Serialize(Valid);
        for (var i = 0; i < file.Length; i++)
        {
            var changed = (byte[])file.Clone();
            changed[i] ^= 1;
            Assert.Throws<ArchiveFormatException>(() => CheckpointFile.Parse(changed, "x"));
        }
    }

    [Fact]
    public void Parse_CutShort_Throws()
    {
        var file = CheckpointFile.Serialize(Valid);
        for (var length = 0; length < file.Length; length++)
        {
            var cut = file[..length];
            Assert.Contains("cut short", Assert.Throws<ArchiveFormatException>(() => CheckpointFile.Parse(cut, "x")).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Parse_RuleBroken_Throws(string fault)
    {
        var file = CheckpointFile.Serialize(fault switch
        {
            "number" => Valid with { Number = 0 },
            "part" => Valid with { Run = Valid.Run with { Part = 0 } },
            "fingerprint" => Valid with { Run = Valid.Run with { Fingerprint = "" } },
            "noVolume" => Valid with { Volume = null },
            "entries" => Valid with { Volume = Valid.Volume! with { Entries = 3 } },
            "table" => Valid with { Tables = [Valid.Tables[0] with { Record = Valid.Tables[0].Record with { Path = "../" } }] },
            "plan" => Valid with { Pages = [Valid.Pages[0] with { PageBlocks = 0 }] },
            "page" => Valid with { Pages = [Valid.Pages[0] with { Pages = [new CheckpointPage(1, -1, 0)] }] },
            _ => Valid with { FormatVersion = "x" },
        });

        var exception = Assert.Throws<ArchiveFormatException>(() => CheckpointFile.Parse(file, "x"));

        Assert.Equal("x", exception.Subject);
        Assert.NotNull(exception.Hint);
    }

    [Fact]
    public void Parse_NewerVersion_SaysWhichOneItReads() =>
        Assert.Contains(
            "up to 1.4 and 2.1",
            Assert.Throws<UnsupportedFormatVersionException>(
                () => CheckpointFile.Parse(CheckpointFile.Serialize(Valid with { FormatVersion = "1.99" }), "x")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Parse_SealedButNoCheckpoint_Throws()
    {
        var text = Encoding.UTF8.GetString(CheckpointFile.Serialize(Valid));
        Assert.Contains("\"number\": 3", text, StringComparison.Ordinal);

        Assert.Throws<ArchiveFormatException>(
            () => CheckpointFile.Parse(SealedJson.Serialize(Valid.Run, CheckpointJson.Default.RunHeader), "x"));
    }
}
