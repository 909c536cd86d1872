using Backup.Core.Archives;
using Backup.Core.Diagnostics;
using Backup.Core.Hosting;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Sources;
using Backup.Core.Pipeline.Stages.Rows;
using Backup.Core.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline;

public sealed class RunProgressTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly Recorder _recorder = new();
    private readonly RunProgress _progress;
    private readonly TableRun _table;

    public RunProgressTests()
    {
        _progress = new RunProgress(BackupId.Create(_time.GetUtcNow()), _recorder, _time, NullLogger.Instance);
        _table = new TableRun(
            new TableInfo
            {
                Oid = 1,
                Name = new QualifiedName("public", "t"),
                Columns = [],
                HeapBlocks = 4,
                TotalBytes = 4 * 8192,
                SupportsCtidRanges = true,
            },
            new TableStart { Folder = "database/data/public.t/", Layout = new PageLayout(4, 2) },
            _time);
    }

    [Fact]
    public void Enter_AnyPhase_IsReportedAtOnce()
    {
        _progress.Enter(BackupPhase.OpeningSnapshot);

        Assert.Equal(BackupPhase.OpeningSnapshot, Assert.Single(_recorder.Reports).Phase);
    }

    [Fact]
    public void Report_ManyReads_ComesAtABoundedRate()
    {
        _progress.SetTables([_table]);
        var task = new PageTask(_table, new TablePage(_table.Info, 1, 0, 2));
        _progress.BeginPage(_table);
        for (var read = 0; read < 1000; read++)
        {
            _progress.AddRead(task, 1, 100);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(5, _recorder.Reports.Count);
        var last = _recorder.Reports[^1];
        Assert.Equal(1000, last.Rows);
        Assert.InRange(last.BytesPerSecond, 99_000, 101_000);
        Assert.Equal("t", Assert.Single(last.CurrentTables).Table.Name);
    }

    [Fact]
    public void Percent_HalfOfTheBlocksRead_IsFifty()
    {
        _progress.SetTables([_table]);
        _progress.Enter(BackupPhase.Copying);
        _progress.BeginPage(_table);
        _time.Advance(TimeSpan.FromSeconds(10));

        _progress.EndPage(new PageTask(_table, new TablePage(_table.Info, 1, 0, 2)));
        _progress.Enter(BackupPhase.Copying);

        Assert.Equal(50, _recorder.Reports[^1].Percent, 6);
        Assert.Empty(_recorder.Reports[^1].CurrentTables);
    }

    [Fact]
    public void Percent_RowsAndObjects_IsThatOfAllBytes()
    {
        _progress.SetTables([_table]);
        var bucket = new ChosenBucket(new BucketInfo { Id = "b", Name = "b" }, 2, _table.Info.TotalBytes);
        _progress.Objects.SetBuckets([new BucketRun(bucket, default, _time)]);
        _progress.Objects.Complete(_table.Info.TotalBytes / 2);

        _progress.Enter(BackupPhase.Copying);

        var report = _recorder.Reports[^1];
        Assert.Equal(25, report.Percent, 6);
        Assert.Equal((1L, 2L), (report.ObjectsDone, report.ObjectsTotal));
    }

    [Fact]
    public void Remaining_AfterAQuarter_IsThreeTimesTheTimeSoFar()
    {
        _progress.SetTables([_table]);
        _progress.Enter(BackupPhase.Copying);
        _progress.BeginPage(_table);
        _progress.EndPage(new PageTask(_table, new TablePage(_table.Info, 1, 0, 1)));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(30, _recorder.Reports[^1].Remaining!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void Memory_Watched_IsReported()
    {
        _progress.WatchMemory(() => new BufferUse(3, 5), RunningProcess.Instance);

        _progress.Enter(BackupPhase.Copying);

        var memory = _recorder.Reports[^1].Memory!;
        Assert.Equal((3L, 5L), (memory.BufferBytes, memory.BufferLimitBytes));
        Assert.True(memory is { ManagedHeapBytes: > 0, WorkingSetBytes: > 0 });
    }

    [Fact]
    public void Phases_Entered_AreMeasuredOneByOne()
    {
        _progress.Enter(BackupPhase.OpeningSnapshot);
        _time.Advance(TimeSpan.FromSeconds(2));
        _progress.Enter(BackupPhase.Copying);
        _time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(
            [new PhaseDuration(BackupPhase.OpeningSnapshot, TimeSpan.FromSeconds(2)), new PhaseDuration(BackupPhase.Copying, TimeSpan.FromSeconds(3))],
            _progress.Phases);
    }

    [Fact]
    public void Counts_VolumesOfEarlierParts_AreLeftOut()
    {
        _progress.SetKept(100);
        _progress.SetStored(130);

        Assert.Equal((30, 130), (_progress.Counts.StoredBytes, _progress.StoredBytes));
    }

    [Fact]
    public void Report_ReceiverThrows_IsToldNothingMore()
    {
        _recorder.Throws = true;

        _progress.Enter(BackupPhase.OpeningSnapshot);
        _progress.Enter(BackupPhase.Copying);

        Assert.Single(_recorder.Reports);
    }

    public ValueTask DisposeAsync() => _progress.DisposeAsync();

    private sealed class Recorder : IProgress<BackupProgress>
    {
        public List<BackupProgress> Reports { get; } = [];

        public bool Throws { get; set; }

        public void Report(BackupProgress value)
        {
            Reports.Add(value);
            if (Throws)
            {
                throw new InvalidOperationException("The receiver failed, as the test asked.");
            }
        }
    }
}
