using System.Collections.Concurrent;
using System.Text.Json;
using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;
using Backup.Core.Pipeline;
using Backup.Core.Restore;
using Backup.Core.Sinks;
using Backup.Core.Tests.Pipeline.Fakes;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Tests.Diagnostics;

/// <summary>What a caller keeps secret appears in nothing that the library says: log, spans, metrics, exceptions, results.</summary>
public sealed class RedactionTests : IDisposable
{
    private const string Password = "pass-word-of-the-database";
    private const string Key = "sb_secret_key-of-the-storage";

    // Nothing listens on port 1, so every call fails at once.
    private const string Url = "http://127.0.0.1:1";

    private readonly Listening _listening = new();
    private readonly RecordingLoggerFactory _log = new();

    [Theory]
    [InlineData($"Host=127.0.0.1;Port=1;Username=u;Password={Password};Database=d")]
    [InlineData($"postgres://u:{Password}@127.0.0.1:1/d")]
    public async Task Backup_DatabaseOutOfReach_TellsNoPassword(string connection)
    {
        var pipeline = new BackupPipelineBuilder()
            .UsePostgres(connection).UseSink(new InMemorySink()).UseLoggerFactory(_log).UseMeterFactory(_listening).Build();

        AssertSilent(await Assert.ThrowsAsync<DatabaseException>(() => pipeline.RunAsync(new BackupRequest())));
    }

    [Fact]
    public async Task Backup_StorageOutOfReach_TellsNoKey()
    {
        var pipeline = new BackupPipelineBuilder()
            .UseSupabaseStorage(Storage()).UseSink(new InMemorySink()).UseLoggerFactory(_log).UseMeterFactory(_listening).Build();

        AssertSilent(await Assert.ThrowsAsync<ObjectStoreException>(() => pipeline.RunAsync(new BackupRequest())));
    }

    [Fact]
    public async Task Restore_TargetsOutOfReach_TellsNeither()
    {
        var sink = new InMemorySink();
        var backup = await new BackupPipelineBuilder()
            .UseSource(new InMemoryRowSource(new InMemoryTable("t", InMemoryTable.Rows(1, 10)))).UseSink(sink).UseLoggerFactory(_log).Build()
            .RunAsync(new BackupRequest());
        AssertSilent(backup);
        AssertSilent(JsonSerializer.Serialize(backup));
        var restore = new RestorePipelineBuilder()
            .UseSink(sink)
            .UsePostgres($"Host=127.0.0.1;Port=1;Username=u;Password={Password};Database=d")
            .UseSupabaseStorage(Storage())
            .UseLoggerFactory(_log)
            .UseMeterFactory(_listening)
            .Build();

        AssertSilent(await Assert.ThrowsAnyAsync<BackupException>(() => restore.RunAsync(new RestoreRequest())));
    }

    [Fact]
    public void Options_AsText_TellNoKey() => AssertSilent(Storage());

    public void Dispose()
    {
        _listening.Dispose();
        _log.Dispose();
    }

    private static SupabaseStorageOptions Storage() => new() { Url = new Uri(Url), Key = Key, MaxRetries = 0 };

    private void AssertSilent(object said)
    {
        string[] all =
        [
            said.ToString()!,
            .. _log.Texts,
            .. _listening.Spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.StatusDescription ?? "")),
        ];

        Assert.DoesNotContain(all, text => text.Contains(Password, StringComparison.Ordinal) || text.Contains(Key, StringComparison.Ordinal));
    }

    private sealed class RecordingLoggerFactory : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _texts = new();

        public IEnumerable<string> Texts => _texts;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _texts.Enqueue($"{formatter(state, exception)} {exception}");
    }
}
