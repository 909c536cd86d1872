using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Backup.Core.IntegrationTests.Samples;

/// <summary>Tells a test when an event has been logged.</summary>
internal sealed class EventLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _warnings = new();

    /// <summary>Ends when an event of that name has been logged.</summary>
    public async Task SeenAsync(string name)
    {
        try
        {
            await Of(name).Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{name} was not logged, but {string.Join(", ", _seen.Keys)}; warnings: {string.Join(" | ", _warnings)}");
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Note(eventId.Name ?? "", logLevel >= LogLevel.Warning ? $"{formatter(state, exception)} {exception?.Message}" : null);

    private void Note(string name, string? warning)
    {
        if (warning is not null)
        {
            _warnings.Enqueue(warning);
        }

        Of(name).TrySetResult();
    }

    private TaskCompletionSource Of(string name) => _seen.GetOrAdd(name, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
