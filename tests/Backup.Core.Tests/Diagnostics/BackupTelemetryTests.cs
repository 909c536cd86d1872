using System.Diagnostics;
using System.Reflection;
using Backup.Core.Compression;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Tests.Documentation;
using Backup.Core.Tests.Pipeline.Fakes;
using Backup.Core.Verification;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Diagnostics;

public sealed class BackupTelemetryTests : IDisposable
{
    private readonly Listening _listening = new();
    private readonly InMemorySink _sink = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));
    private readonly InMemoryObjectStore _store = StoreScene.Store("docs");
    private readonly InMemoryTable _table = new("film", InMemoryTable.Rows(10, 100), InMemoryTable.Rows(10, 100));

    public BackupTelemetryTests()
    {
        StoreScene.Set(_store, "docs", "a", StoreScene.Content(1, 1000));
        StoreScene.Set(_store, "docs", "b", StoreScene.Content(2, 500));
    }

    [Fact]
    public async Task Run_WithListener_GivesOneTraceOfNestedSpans()
    {
        var result = await RunAsync();

        var run = _listening.Span(BackupTelemetry.RunSpan);
        Assert.Equal(_listening.Caller.SpanId, run.ParentSpanId);
        Assert.Equal(result.Id.Value, run.GetTagItem(BackupTelemetry.IdAttribute));
        Assert.Equal("complete", run.GetTagItem(BackupTelemetry.OutcomeAttribute));
        var table = _listening.Span(BackupTelemetry.TableSpan);
        Assert.Equal("public.film", table.GetTagItem(BackupTelemetry.TableAttribute));
        Assert.Equal(20L, table.GetTagItem(BackupTelemetry.RowsAttribute));
        string[] children = [BackupTelemetry.SchemaSpan, BackupTelemetry.TableSpan, BackupTelemetry.ObjectSpan, BackupTelemetry.VolumeSpan];
        Assert.All(children, name => Assert.All(Named(name), span => Assert.Equal(run.SpanId, span.ParentSpanId)));
        Assert.Equal(2, Named(BackupTelemetry.PageSpan).Count);
        Assert.All(Named(BackupTelemetry.PageSpan), page => Assert.Equal(table.SpanId, page.ParentSpanId));
        Assert.Equal(["a", "b"], Named(BackupTelemetry.ObjectSpan).Select(span => span.GetTagItem(BackupTelemetry.ObjectAttribute)).Order());
        Assert.Equal(
            result.Manifest!.Volumes[0].Bytes, _listening.Span(BackupTelemetry.VolumeSpan).GetTagItem(BackupTelemetry.BytesAttribute));
        Assert.Same(_listening.Caller, Activity.Current);
    }

    [Fact]
    public async Task Run_WithListener_MeasuresWhatTheResultSays()
    {
        var result = await RunAsync();

        Assert.Equal(20, _listening.Sum(BackupTelemetry.Rows, BackupTelemetry.OperationAttribute, "backup"));
        Assert.Equal(2, _listening.Sum(BackupTelemetry.Objects, BackupTelemetry.BucketAttribute, "docs"));
        Assert.Equal(2000, _listening.Sum(BackupTelemetry.Io, BackupTelemetry.LaneAttribute, "database"));
        Assert.Equal(1500, _listening.Sum(BackupTelemetry.Io, BackupTelemetry.LaneAttribute, "storage"));
        Assert.Equal(result.Totals.StoredBytes, _listening.Sum(BackupTelemetry.Io, BackupTelemetry.DirectionAttribute, "write"));
        Assert.Equal(2, _listening.Read(BackupTelemetry.PageDuration).Single().Value);
        Assert.Equal(2, _listening.Read(BackupTelemetry.ObjectDuration).Single().Value);
        Assert.Equal(1, _listening.Sum(BackupTelemetry.RunDuration, BackupTelemetry.OutcomeAttribute, "complete"));
        Assert.Equal(0, _listening.Sum(BackupTelemetry.RunActive, BackupTelemetry.LocationAttribute, "memory"));
        Assert.Equal(0, _listening.Read(BackupTelemetry.MemoryLimit).Single().Value);
    }

    [Fact]
    public async Task LastSuccessAge_AfterARun_GrowsWithTheClock()
    {
        await RunAsync();

        _time.Advance(TimeSpan.FromHours(2));

        var age = _listening.Read(BackupTelemetry.LastSuccessAge).Single();
        Assert.Equal((7200d, "memory"), (age.Value, age.Tags[BackupTelemetry.LocationAttribute]));
    }

    [Fact]
    public async Task Run_TableFails_IsToldWithItsErrorType()
    {
        var result = await Build(new InMemoryTable("bad", InMemoryTable.Rows(10, 100)) { FailingBlock = 1 })
            .RunAsync(new BackupRequest { Failures = new FailurePolicy { Tables = FailureLimit.Continue } });

        var type = typeof(DatabaseException).FullName!;
        Assert.Equal(BackupOutcome.CompletedWithFailures, result.Outcome);
        Assert.Equal(1 / 3d, result.ErrorRate, 6);
        var page = _listening.Span(BackupTelemetry.PageSpan);
        Assert.Equal((ActivityStatusCode.Error, type), (page.Status, page.GetTagItem(BackupTelemetry.ErrorAttribute)));
        Assert.Equal(ActivityStatusCode.Error, _listening.Span(BackupTelemetry.TableSpan).Status);
        Assert.Equal(1, _listening.Sum(BackupTelemetry.Failures, BackupTelemetry.ItemAttribute, "table"));
        Assert.Equal("completed_with_failures", _listening.Span(BackupTelemetry.RunSpan).GetTagItem(BackupTelemetry.OutcomeAttribute));
    }

    [Fact]
    public async Task Run_Fails_EndsEverySpanAndCountsOneFailure()
    {
        var pipeline = Build(new InMemoryTable("bad", InMemoryTable.Rows(10, 100), InMemoryTable.Rows(10, 100)) { FailingBlock = 1 });

        await Assert.ThrowsAsync<DatabaseException>(() => pipeline.RunAsync(new BackupRequest()));

        var run = _listening.Span(BackupTelemetry.RunSpan);
        Assert.Equal((ActivityStatusCode.Error, "failed"), (run.Status, run.GetTagItem(BackupTelemetry.OutcomeAttribute)));
        Assert.Single(Named(BackupTelemetry.TableSpan));
        var duration = Assert.Single(_listening.Read(BackupTelemetry.RunDuration));
        Assert.Equal(typeof(DatabaseException).FullName, duration.Tags[BackupTelemetry.ErrorAttribute]);
        Assert.Equal(0, _listening.Sum(BackupTelemetry.RunActive, BackupTelemetry.OperationAttribute, "backup"));
    }

    [Fact]
    public async Task Run_ObjectFailsOnce_CountsTheRetry()
    {
        var reads = 0;
        _store.Before = (verb, _, _) => verb == "read" && Interlocked.Increment(ref reads) == 1 ? throw StoreScene.Busy() : Task.CompletedTask;

        var result = await RunAsync();

        Assert.Equal(1, result.Retries.Objects);
        Assert.Equal(1, _listening.Sum(BackupTelemetry.Retries, BackupTelemetry.RetryAttribute, "object"));
    }

    [Fact]
    public async Task Verify_WithListener_GivesSpansAndADuration()
    {
        var result = await RunAsync();

        await new BackupVerifier(_sink, _time, meterFactory: _listening).VerifyAsync(result.Id);

        var verify = _listening.Span(BackupTelemetry.VerifySpan);
        Assert.Equal("intact", verify.GetTagItem(BackupTelemetry.OutcomeAttribute));
        Assert.Equal(verify.SpanId, _listening.Span(BackupTelemetry.VerifyVolumeSpan).ParentSpanId);
        Assert.Equal(1, _listening.Sum(BackupTelemetry.RunDuration, BackupTelemetry.OutcomeAttribute, "intact"));
    }

    [Fact]
    public async Task Restore_FilesWithListener_GivesSpansAndCounts()
    {
        await RunAsync();

        await new RestorePipelineBuilder().UseSink(_sink).UseObjectStore(StoreScene.Store()).UseMeterFactory(_listening).Build()
            .RunAsync(new RestoreRequest());

        var restore = _listening.Span(BackupTelemetry.RestoreSpan);
        Assert.Equal("complete", restore.GetTagItem(BackupTelemetry.OutcomeAttribute));
        Assert.Equal(2, Named(BackupTelemetry.RestoreObjectSpan).Count);
        Assert.All(Named(BackupTelemetry.RestoreObjectSpan), span => Assert.Equal(restore.SpanId, span.ParentSpanId));
        Assert.Equal(2, _listening.Sum(BackupTelemetry.Objects, BackupTelemetry.OperationAttribute, "restore"));
    }

    [Fact]
    public async Task Names_All_AreDocumented()
    {
        var page = await Repository.ReadAsync("docs", "operations.md");
        var names = typeof(BackupTelemetry).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.DoesNotContain(names, name => !page.Contains($"`{name}`", StringComparison.Ordinal));
    }

    public void Dispose() => _listening.Dispose();

    private List<Activity> Named(string name) => [.. _listening.Spans.Where(span => span.OperationName == name)];

    private Task<BackupResult> RunAsync() => Build(_table).RunAsync(new BackupRequest());

    private IBackupPipeline Build(InMemoryTable table) => new BackupPipelineBuilder()
        .UseSource(new InMemoryRowSource(table) { Objects = _store })
        .UseObjectStore(_store)
        .UseSink(_sink)
        .UseCompressor(new NoCompressor())
        .UseMeterFactory(_listening)
        .UseTimeProvider(_time)
        .ConfigureOptions(options => options.PageBlocks = 1)
        .Build();
}
