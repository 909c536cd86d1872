using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Backup.Core.IntegrationTests.Samples;

/// <summary>Tells a test when an event has been logged.</summary>
internal sealed class EventLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _seen = new(StringComparer.Ordinal);

    /// <summary>Ends when an event of that name has been logged.</summary>
    public Task SeenAsync(string name) => Of(name).Task.WaitAsync(TimeSpan.FromMinutes(1));

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Of(eventId.Name ?? "").TrySetResult();

    private TaskCompletionSource Of(string name) => _seen.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
