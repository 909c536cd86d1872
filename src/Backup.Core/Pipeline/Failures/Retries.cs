using System.Runtime.ExceptionServices;
using Backup.Core.Diagnostics;
using Backup.Core.Errors;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Backup.Core.Pipeline.Failures;

/// <summary>Tries again what failed for a passing reason. For any number of threads; one for each run.</summary>
/// <param name="pipeline">Decides how often and when.</param>
/// <param name="count">Told of each further attempt, to count it.</param>
/// <param name="logger">Told of each further attempt.</param>
internal sealed class Retries(ResiliencePipeline pipeline, Action<RetryKind> count, ILogger logger)
{
    /// <summary>The pipeline that options describe: growing delays with jitter.</summary>
    public static ResiliencePipeline CreatePipeline(RetryOptions options, TimeProvider timeProvider) => options.MaxAttempts == 1
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = timeProvider }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                Delay = options.BaseDelay,
                MaxDelay = options.MaxDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static arguments =>
                    ValueTask.FromResult(arguments.Outcome.Exception is { } exception && IsWorthAnother(exception)),
            })
            .Build();

    /// <summary>Whether the same call may succeed in a few seconds. A full disk is transient, but nobody empties it so soon.</summary>
    public static bool IsWorthAnother(Exception exception) =>
        exception is BackupException { IsTransient: true, Category: not ErrorCategory.Space };

    /// <summary>Runs something until it succeeds, or is not worth another attempt.</summary>
    /// <param name="kind">What kind of thing it is, for the counts.</param>
    /// <param name="action">What it is, for the log: <c>reading public.film</c>.</param>
    /// <param name="attempt">One attempt. What it must not be asked again for it does not throw as a transient failure.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    /// <exception cref="BackupException">The last attempt's failure.</exception>
    public async ValueTask<T> RunAsync<T>(
        RetryKind kind, string action, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellationToken)
    {
        var attempts = new Attempts<T>(this, kind, action, attempt);
        try
        {
            var (result, failure) = await pipeline.ExecuteAsync(
                static (attempts, token) => attempts.RunAsync(token), attempts, cancellationToken).ConfigureAwait(false);
            if (failure is { SourceException: OperationCanceledException } && !cancellationToken.IsCancellationRequested)
            {
                throw GivenUp(action, failure.SourceException);
            }

            failure?.Throw();
            return result!;
        }
        catch (ExecutionRejectedException exception)
        {
            throw GivenUp(action, exception);
        }
    }

    // A limit of the caller's own pipeline.
    private static BackupTimeoutException GivenUp(string action, Exception cause) =>
        new($"The resilience pipeline gave up {action}: {cause.Message}", cause) { IsTransient = true };

    private sealed class Attempts<T>(Retries retries, RetryKind kind, string action, Func<CancellationToken, ValueTask<T>> attempt)
    {
        private int _number;
        private Exception? _last;

        // A pipeline of the caller's may be eager to try anything again: it gets to see only what is worth it.
        public async ValueTask<(T? Result, ExceptionDispatchInfo? Failure)> RunAsync(CancellationToken cancellationToken)
        {
            if (++_number > 1)
            {
                retries.Note(kind, action, _number, _last);
            }

            try
            {
                return (await attempt(cancellationToken).ConfigureAwait(false), null);
            }
            catch (Exception exception) when (!IsWorthAnother(exception))
            {
                return (default, ExceptionDispatchInfo.Capture(exception));
            }
            catch (Exception exception)
            {
                _last = exception;
                throw;
            }
        }
    }

    private void Note(RetryKind kind, string action, int number, Exception? last)
    {
        count(kind);
        logger.TriedAgain(action, number, last?.Message ?? "no reason");
    }
}
