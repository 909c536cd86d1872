using System.Security.Authentication;
using Backup.Core.Errors;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Says what is worth another attempt, and when it is made.</summary>
internal static class StorageRetries
{
    // A server that asks for more is busy for longer than a call should wait.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(60);

    /// <summary>Retries with growing delays and jitter; the server's own Retry-After comes first.</summary>
    public static ResiliencePipelineBuilder<HttpResponseMessage> Create(SupabaseStorageOptions options, TimeProvider timeProvider)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = timeProvider };
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.RetryDelay,
                MaxDelay = MaxDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = static arguments => ShouldRetryAsync(arguments.Outcome, arguments.Context.CancellationToken),
                DelayGenerator = arguments => ValueTask.FromResult(RetryAfter(arguments.Outcome.Result, timeProvider)),
            });
        }

        return builder;
    }

    /// <summary>Whether an exception comes from the way to the server or its silence, and not from the caller.</summary>
    public static bool IsOfNetwork(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or TimeoutRejectedException or TimeoutException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>Whether a failure of the network will not pass by itself.</summary>
    public static bool IsDefinite(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException }
            or HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded };

    private static async ValueTask<bool> ShouldRetryAsync(Outcome<HttpResponseMessage> outcome, CancellationToken cancellationToken) => outcome switch
    {
        { Exception: ObjectStoreException exception } => exception.IsTransient,
        { Exception: { } exception } => IsOfNetwork(exception, cancellationToken) && !IsDefinite(exception),
        { Result: { IsSuccessStatusCode: false } response } =>
            await StorageErrorReader.IsTransientAsync(response, cancellationToken).ConfigureAwait(false),
        _ => false,
    };

    // null: the growing delay.
    internal static TimeSpan? RetryAfter(HttpResponseMessage? response, TimeProvider timeProvider)
    {
        var after = response?.Headers.RetryAfter;
        var delay = after?.Delta ?? (after?.Date is { } date ? date - timeProvider.GetUtcNow() : null);
        return delay switch
        {
            { } negative when negative < TimeSpan.Zero => null,
            { } tooLong when tooLong > MaxDelay => MaxDelay,
            _ => delay,
        };
    }
}
