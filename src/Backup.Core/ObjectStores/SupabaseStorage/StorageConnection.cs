using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Backup.Core.Errors;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Timeout;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Sends requests with the key, retries what failed for a passing reason, and turns refusals into exceptions.</summary>
/// <remarks>Thread-safe. The client is the caller's, and stays open.</remarks>
internal sealed class StorageConnection : IDisposable
{
    private const string ApiKeyHeader = "apikey";
    private const int StatusDatabaseTimeout = 544;

    private readonly HttpClient _client;
    private readonly SupabaseStorageOptions _options;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;
    private readonly ResiliencePipeline<HttpResponseMessage> _attempts;
    private readonly SemaphoreSlim _addressGate = new(1, 1);
    private StorageAddress? _address;

    public StorageConnection(HttpClient client, SupabaseStorageOptions options, TimeProvider timeProvider)
    {
        _client = client;
        _options = options;
        TimeProvider = timeProvider;
        _retries = CreateRetries().Build();
        _attempts = CreateRetries().AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.AttemptTimeout }).Build();
    }

    public TimeProvider TimeProvider { get; }

    public TimeSpan ProgressTimeout => _options.ProgressTimeout;

    /// <summary>The server's addresses; asks it once whether it stands behind the gateway.</summary>
    public async ValueTask<StorageAddress> GetAddressAsync(CancellationToken cancellationToken)
    {
        if (_address is { } known)
        {
            return known;
        }

        await _addressGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _address ??= await FindAddressAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _addressGate.Release();
        }
    }

    /// <summary>Sends a request whose answer is JSON.</summary>
    public async Task<T> SendAsync<T>(
        HttpMethod method,
        Uri address,
        Func<HttpContent?> createContent,
        JsonTypeInfo<T> type,
        string action,
        string subject,
        CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, address, createContent, null, action, subject, cancellationToken).ConfigureAwait(false);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var guarded = new TransferStream(stream, null, this, action, subject);
            await using (guarded.ConfigureAwait(false))
            {
                return await JsonSerializer.DeserializeAsync(guarded, type, cancellationToken).ConfigureAwait(false)
                    ?? throw Unreadable(action, subject, null);
            }
        }
        catch (JsonException exception)
        {
            throw Unreadable(action, subject, exception);
        }
    }

    /// <summary>Sends a request and gives the response once its headers are there; the caller disposes it.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="address">Where to.</param>
    /// <param name="createContent">Makes the body anew for each attempt. A body of ours limits its own time.</param>
    /// <param name="prepare">Adds headers, or <see langword="null"/>.</param>
    /// <param name="action">What is being done, for messages.</param>
    /// <param name="subject">The bucket or object.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri address,
        Func<HttpContent?> createContent,
        Action<HttpRequestHeaders>? prepare,
        string action,
        string subject,
        CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _attempts
                .ExecuteAsync(
                    async token => await SendOnceAsync(method, address, createContent(), prepare, token).ConfigureAwait(false),
                    cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfNetwork(exception, cancellationToken))
        {
            throw Unreachable(action, subject, exception);
        }

        return await AcceptAsync(response, action, subject, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends an upload, whose body may take any time as long as it moves.</summary>
    public async Task UploadAsync(
        Uri address,
        Func<ProgressWatch, ValueTask<HttpContent>> createContent,
        Action<HttpRequestHeaders> prepare,
        string action,
        string subject,
        CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _retries
                .ExecuteAsync(
                    async token =>
                    {
                        using var watch = new ProgressWatch(_options.ProgressTimeout, TimeProvider, token);
                        return await watch.RunAsync(
                            async () => await SendOnceAsync(
                                HttpMethod.Post,
                                address,
                                await createContent(watch).ConfigureAwait(false),
                                prepare,
                                watch.Token).ConfigureAwait(false)).ConfigureAwait(false);
                    },
                    cancellationToken)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfNetwork(exception, cancellationToken))
        {
            throw Unreachable(action, subject, exception);
        }

        using (await AcceptAsync(response, action, subject, cancellationToken).ConfigureAwait(false))
        {
        }
    }

    public void Dispose() => _addressGate.Dispose();

    private static bool IsOfNetwork(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException or TimeoutRejectedException or TimeoutException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static ObjectStoreException Unreadable(string action, string subject, JsonException? cause) =>
        new($"Cannot {action}: the answer is not what the Storage API sends.", cause)
        {
            Subject = subject,
            Hint = "Check the address: it should be that of the project, such as https://ref.supabase.co.",
        };

    private ObjectStoreException Unreachable(string action, string subject, Exception cause)
    {
        var reason = cause is TimeoutRejectedException or OperationCanceledException
            ? $"no answer within {_options.AttemptTimeout.TotalSeconds:0} s"
            : cause.Message;
        return new ObjectStoreException($"Cannot {action}: {_options.Url?.Host} cannot be reached ({reason.ReplaceLineEndings(" ")}).", cause)
        {
            Error = ObjectStoreError.Unavailable,
            Subject = subject,
            IsTransient = true,
            Hint = "Check the address and the network.",
        };
    }

    private static async Task<HttpResponseMessage> AcceptAsync(
        HttpResponseMessage response, string action, string subject, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await StorageErrorReader.ReadAsync(response, action, subject, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpMethod method, Uri address, HttpContent? content, Action<HttpRequestHeaders>? prepare, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content };
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _options.Key);
        request.Headers.TryAddWithoutValidation(ApiKeyHeader, _options.Key);
        prepare?.Invoke(request.Headers);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StorageAddress> FindAddressAsync(CancellationToken cancellationToken)
    {
        var url = _options.Url!;
        var gateway = StorageAddress.BehindGateway(url);
        var bare = StorageAddress.Bare(url);
        if (bare.HasGatewayPath || _options.UseGatewayPath is true)
        {
            return gateway;
        }

        if (_options.UseGatewayPath is false)
        {
            return bare;
        }

        try
        {
            using var response = await SendAsync(
                HttpMethod.Get, gateway.Buckets, () => null, null, "reach the Storage server", url.Host, cancellationToken).ConfigureAwait(false);
            return gateway;
        }
        catch (ObjectStoreException exception) when (exception.Status == (int)HttpStatusCode.NotFound)
        {
            // "Route GET:/storage/v1/bucket not found": the prefix belongs to the gateway, so this is the server itself.
            return bare;
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.AccessDenied)
        {
            return gateway;
        }
    }

    private ResiliencePipelineBuilder<HttpResponseMessage> CreateRetries()
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = TimeProvider };
        if (_options.MaxRetries > 0)
        {
            // The options of HTTP retries read Retry-After and dispose the responses that are thrown away.
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = _options.MaxRetries,
                Delay = _options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(ShouldRetry(arguments.Outcome, arguments.Context.CancellationToken)),
            });
        }

        return builder;
    }

    private static bool ShouldRetry(Outcome<HttpResponseMessage> outcome, CancellationToken cancellationToken) =>
        outcome.Exception is { } exception
            ? IsOfNetwork(exception, cancellationToken)
            : outcome.Result is { } response
                && (StorageErrorReader.IsTransient((int)response.StatusCode) || (int)response.StatusCode == StatusDatabaseTimeout);
}
