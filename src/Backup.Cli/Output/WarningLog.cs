using Microsoft.Extensions.Logging;

namespace Backup.Cli.Output;

/// <summary>Shows the library's warnings, each once; what it logs of less weight is not for a command line.</summary>
internal sealed class WarningLog(CommandOutput output, CancellationToken cancellationToken) : ILoggerFactory, ILogger
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    /// <remarks>That a cancelled run was cancelled is no news to whoever cancelled it.</remarks>
    public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning && !cancellationToken.IsCancellationRequested;

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // Errors end in an exception or in a failure of the result, which are shown as such.
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var message = ErrorReport.OfCommandLine(formatter(state, exception));
        lock (_lock)
        {
            if (!_shown.Add(message))
            {
                return;
            }
        }

        output.WriteWarning(message);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
