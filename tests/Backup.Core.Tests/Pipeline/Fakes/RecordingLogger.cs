using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Backup.Core.Tests.Pipeline.Fakes;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, int EventId, string Text)> _entries = new();

    public IEnumerable<string> Warnings => _entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Text);

    public IEnumerable<string> Texts => _entries.Select(entry => entry.Text);

    /// <summary>The texts of one event.</summary>
    public IEnumerable<string> TextsOf(int eventId) => _entries.Where(entry => entry.EventId == eventId).Select(entry => entry.Text);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
}
