using Backup.Core.Archives;
using Backup.Core.Pipeline;
using Backup.Core.Sinks;
using Backup.TestKit.Archives;
using Backup.TestKit.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>Several backups of one source into one sink, a minute apart.</summary>
internal sealed class IncrementalScene
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 22, 3, 15, 0, TimeSpan.Zero));

    public IBackupSink Sink { get; init; } = new InMemorySink();

    public InMemoryRowSource? Source { get; set; } = new(new InMemoryTable("t", InMemoryTable.Rows(30, 100), InMemoryTable.Rows(20, 100)));

    public InMemoryObjectStore? Store { get; set; }

    public RecordingLogger Logger { get; } = new();

    public BackupOptions Options { get; init; } = new()
    {
        Connections = 1,
        CompressionWorkers = 1,
        Transfers = 1,
        BlockBytes = 4096,
        PageBytes = 64 * 1024,
        PageBlocks = 1,
        MemoryBudgetBytes = 256 * 1024,
    };

    public FailurePolicy Failures { get; init; } = FailurePolicy.Default;

    public Task<BackupResult> FullAsync() => RunAsync(request => request);

    public Task<BackupResult> IncrementalAsync(BackupId? parent = null) => RunAsync(request => request with { Incremental = true, Parent = parent });

    public Task<BackupResult> RunAsync(Func<BackupRequest, BackupRequest> ask) => SceneOf(ask).RunAsync();

    public Task<BackupPreview> PreviewAsync(BackupId? parent = null) => SceneOf(request => request with { Parent = parent }).PreviewAsync();

    /// <summary>Cuts the last byte off a file of a backup.</summary>
    public async Task CutAsync(BackupId id, string file)
    {
        var name = ArchiveNames.InSink(id, file);
        var bytes = await Sink.ReadObjectAsync(name);
        await Sink.WriteObjectAsync(name, bytes[..^1]);
    }

    /// <summary>Changes a byte in the middle of a file of a backup.</summary>
    public async Task SpoilAsync(BackupId id, string file)
    {
        var name = ArchiveNames.InSink(id, file);
        var bytes = await Sink.ReadObjectAsync(name);
        bytes[bytes.Length / 2] ^= 1;
        await Sink.WriteObjectAsync(name, bytes);
    }

    /// <summary>Removes a file of a backup.</summary>
    public async Task RemoveAsync(BackupId id, string file) => await Sink.DeleteAsync(ArchiveNames.InSink(id, file));

    private RunScene SceneOf(Func<BackupRequest, BackupRequest> ask)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        return new RunScene
        {
            Source = Source,
            Store = Store,
            Sink = Sink,
            Options = Options,
            Failures = Failures,
            Logger = Logger,
            TimeProvider = Time,
            Ask = ask,
        };
    }
}
