using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Backup.Core.Errors;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>Sends requests with the key, retries what failed for a passing reason, and turns refusals into exceptions.</summary>
/// <remarks>Thread-safe. The client is the caller's, and stays open.</remarks>
internal sealed class StorageConnection : IDisposable
{
    private const string ApiKeyHeader = "apikey";

    // A page of a listing has less than 1 MiB even if all names are long; more is no answer of this API.
    private const int MaxAnswerBytes = 32 * 1024 * 1024;
    private const int MaxErrorBytes = 64 * 1024;

    // Below, waiting for the server's leave would cost more than bytes sent in vain.
    private const long MinBytesToAskFor = 1024 * 1024;

    private readonly HttpClient _client;
    private readonly SupabaseStorageOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly TransferLimits _limits;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;
    private readonly ResiliencePipeline<HttpResponseMessage> _attempts;
    private readonly SemaphoreSlim _addressGate = new(1, 1);
    private StorageAddress? _address;

    public StorageConnection(HttpClient client, SupabaseStorageOptions options, TimeProvider timeProvider)
    {
        _client = client;
        _options = options;
        _timeProvider = timeProvider;
        _limits = new TransferLimits(options.ProgressTimeout, options.MinBytesPerSecond);
        _retries = StorageRetries.Create(options, timeProvider).Build();
        _attempts = StorageRetries.Create(options, timeProvider)
            .AddTimeout(new HttpTimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build();
        Key = StorageKey.Parse(options.Key!);
    }

    /// <summary>The key.</summary>
    public StorageKey Key { get; }

    /// <summary>The server's addresses; asks it once whether it stands behind the gateway.</summary>
    public async ValueTask<StorageAddress> GetAddressAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _address) is { } known)
        {
            return known;
        }

        await _addressGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_address is null)
            {
                Volatile.Write(ref _address, await FindAddressAsync(cancellationToken).ConfigureAwait(false));
            }

            return _address!;
        }
        finally
        {
            _addressGate.Release();
        }
    }

    /// <summary>Makes a call whose answer is JSON.</summary>
    public async Task<T> ReadAsync<T>(ApiCall call, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(call, cancellationToken).ConfigureAwait(false);
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var answer = await JsonSerializer.DeserializeAsync(stream, type, cancellationToken).ConfigureAwait(false);
            var isWhole = answer is not null && (answer is not IEnumerable<object?> items || !items.Contains(null));
            return isWhole ? answer! : throw StorageFailures.Unreadable(call);
        }
        catch (JsonException exception)
        {
            throw StorageFailures.Unreadable(call, exception);
        }
    }

    /// <summary>Makes a call whose answer is short, and gives it whole; the caller disposes it.</summary>
    public Task<HttpResponseMessage> SendAsync(ApiCall call, CancellationToken cancellationToken) => RunAsync(
        _attempts,
        call,
        async token =>
        {
            var response = await SendOnceAsync(call, call.Content?.Invoke(), token).ConfigureAwait(false);
            await BufferAsync(response, MaxAnswerBytes, token).ConfigureAwait(false);
            return response;
        },
        cancellationToken);

    /// <summary>Begins a download, and gives the response once its headers are there; the caller disposes it.</summary>
    public Task<HttpResponseMessage> OpenAsync(ApiCall call, CancellationToken cancellationToken) => RunAsync(
        _attempts, call, token => SendOnceAsync(call, null, token), cancellationToken);

    /// <summary>Watches one transfer.</summary>
    public ProgressWatch Watch() => new(_limits, _timeProvider);

    /// <summary>Makes an upload, whose body may take any time as long as it moves.</summary>
    /// <param name="call">The call.</param>
    /// <param name="openContent">Opens the body, anew for each attempt.</param>
    /// <param name="bytes">The body's size.</param>
    /// <param name="contentType">Its media type, as it is to be sent.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task UploadAsync(
        ApiCall call,
        Func<CancellationToken, ValueTask<Stream>> openContent,
        long bytes,
        string contentType,
        CancellationToken cancellationToken)
    {
        using var response = await RunAsync(
            _retries,
            call,
            async token =>
            {
                using var watch = Watch();
                using var registration = token.UnsafeRegister(static watch => ((ProgressWatch)watch!).Cut(), watch);
                var opened = await OpenContentAsync(call, openContent, token).ConfigureAwait(false);
                var content = new UploadContent(opened, bytes, watch, _options.AttemptTimeout, call);
                try
                {
                    // The server keeps the header as sent, and some media types in use are none that .NET would parse.
                    content.Headers.TryAddWithoutValidation("Content-Type", contentType);
                    watch.BeginWait(_options.AttemptTimeout);
                    var response = await SendOnceAsync(call, content, watch.Token).ConfigureAwait(false);
                    await BufferAsync(response, MaxAnswerBytes, watch.Token).ConfigureAwait(false);
                    return response;
                }
                catch (Exception exception) when (watch.Token.IsCancellationRequested && !token.IsCancellationRequested)
                {
                    throw new TimeoutException(watch.Reason, exception);
                }
                finally
                {
                    await content.EndAsync().ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _addressGate.Dispose();

    private static async ValueTask<Stream> OpenContentAsync(
        ApiCall call, Func<CancellationToken, ValueTask<Stream>> openContent, CancellationToken cancellationToken)
    {
        try
        {
            return await openContent(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw UploadContent.Unreadable(call, exception);
        }
    }

    private async Task<HttpResponseMessage> RunAsync(
        ResiliencePipeline<HttpResponseMessage> pipeline,
        ApiCall call,
        Func<CancellationToken, Task<HttpResponseMessage>> attempt,
        CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await pipeline.ExecuteAsync(
                async token =>
                {
                    call.Attempts++;
                    return await attempt(token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (Exception exception) when (StorageRetries.IsOfNetwork(exception, cancellationToken))
        {
            throw StorageFailures.Unreachable(call, _options.Url!.Authority, _options.AttemptTimeout, exception);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var exception = await StorageErrorReader.ReadAsync(response, call, Key.Text, cancellationToken).ConfigureAwait(false);

            // Row level security hides rows instead of refusing them.
            var isHidden = exception.Error is ObjectStoreError.BucketNotFound or ObjectStoreError.ObjectNotFound;
            throw isHidden && Key.Rights == KeyRights.Limited
                ? Key.Denied(call.Action, call.Subject, exception)
                : exception;
        }
    }

    // Refusals are read at once, within the attempt: whether another one is worth it stands in the body.
    private async Task<HttpResponseMessage> SendOnceAsync(ApiCall call, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(call.Method, call.Address) { Content = content };
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        request.Headers.TryAddWithoutValidation(ApiKeyHeader, Key.Text);
        if (Key.IsToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key.Text);
        }

        // A server that refuses a large body then says so before it is sent, and not by cutting the connection.
        request.Headers.ExpectContinue = content?.Headers.ContentLength >= MinBytesToAskFor ? true : null;
        call.Prepare?.Invoke(request.Headers);
        var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            await BufferAsync(response, MaxErrorBytes, cancellationToken).ConfigureAwait(false);
        }

        return response;
    }

    private static async Task BufferAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            if (response.IsSuccessStatusCode)
            {
                await response.Content.LoadIntoBufferAsync(maxBytes, cancellationToken).ConfigureAwait(false);
                return;
            }

            // What is longer than a refusal's body is cut: it is a page for people.
            using var body = response.Content;
            var stream = await body.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var bytes = new byte[maxBytes];
            var length = await stream.ReadAtLeastAsync(bytes, maxBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            response.Content = new ByteArrayContent(bytes, 0, length);
            foreach (var header in body.Headers.NonValidated)
            {
                response.Content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }
        catch
        {
            response.Dispose();
            throw;
        }
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
                new ApiCall(HttpMethod.Get, gateway.Buckets, "reach the Storage server", url.Authority), cancellationToken).ConfigureAwait(false);
            return gateway;
        }
        catch (ObjectStoreException exception)
            when (exception.Status == (int)HttpStatusCode.NotFound && exception.Error == ObjectStoreError.Other)
        {
            // "Route GET:/storage/v1/bucket not found": the prefix belongs to the gateway, so this is the server itself.
            return bare;
        }
        catch (ObjectStoreException exception) when (exception.Error == ObjectStoreError.AccessDenied)
        {
            return gateway;
        }
    }
}
