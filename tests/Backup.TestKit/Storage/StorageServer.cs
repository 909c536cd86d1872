using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Backup.TestKit.Storage.Mirror;
using Backup.TestKit.Storage.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Backup.TestKit.Storage;

/// <summary>A Supabase Storage server on the loopback that answers as the recorded one did, defects included.</summary>
/// <remarks>
/// Plays the calls of a backup client and answers 501 to others. A replay of the recorded exchanges keeps it true. All state
/// lives in <see cref="State"/>, what goes wrong in <see cref="Faults"/>.
/// </remarks>
public sealed class StorageServer : IAsyncDisposable
{
    /// <summary>A key of the new kind, which only the gateway takes.</summary>
    public const string SecretKey = "sb_secret_0000000000000000000000_00000000";

    private const int MaxRequestLineBytes = 64 * 1024;
    private const int MaxHeaderBytes = 128 * 1024;

    private static readonly string[] UnloggedHeaders = ["authorization", "apikey"];

    private readonly WebApplication _application;
    private readonly X509Certificate2? _certificate;
    private readonly StorageServerOptions _options;
    private readonly StorageMirror? _mirror;
    private readonly StorageRouter _router;
    private readonly Gateway? _gateway;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentQueue<StorageRequest> _requests = new();
    private readonly Lock _countLock = new();
    private int _received;
    private int _openDownloads;
    private bool _isDisposed;

    private StorageServer(StorageServerOptions options, StorageMirror? mirror)
    {
        _options = options;
        _mirror = mirror;
        Tokens = new StorageTokens(options.Clock);
        ServiceKey = Tokens.Create("service_role");
        AnonKey = Tokens.Create("anon");
        UserKey = Tokens.Create("authenticated", Guid.NewGuid().ToString());
        State = new StorageState(options.Clock, mirror);
        _router = new StorageRouter(State, options);
        _gateway = options.IsBehindGateway ? new Gateway(SecretKey, ServiceKey, [ServiceKey, AnonKey]) : null;

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _certificate = options.IsHttps ? SelfSignedCertificate.Create() : null;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        _application = builder.Build();
        _application.Run(AnswerAsync);
    }

    /// <summary>Where the server listens, with the gateway's prefix left out.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The key that sees and may do everything.</summary>
    public string ServiceKey { get; }

    /// <summary>The anonymous key, which sees public buckets' objects alone.</summary>
    public string AnonKey { get; }

    /// <summary>A signed-in user's token; there are no policies, so it sees nothing.</summary>
    public string UserKey { get; }

    /// <summary>Makes other tokens.</summary>
    public StorageTokens Tokens { get; }

    /// <summary>The buckets and objects.</summary>
    public StorageState State { get; }

    /// <summary>What goes wrong.</summary>
    public FaultPlan Faults { get; } = new();

    /// <summary>All requests so far, in the order of arrival.</summary>
    public IReadOnlyList<StorageRequest> Requests => [.. _requests.OrderBy(request => request.Number)];

    /// <summary>The most downloads that were open at once.</summary>
    public int PeakDownloads { get; private set; }

    /// <summary>Starts a server on a free port.</summary>
    public static async Task<StorageServer> StartAsync(StorageServerOptions? options = null)
    {
        options ??= new StorageServerOptions();
        var mirror = options.MirrorConnectionString is { } connectionString ? await StorageMirror.OpenAsync(connectionString) : null;
        var server = new StorageServer(options, mirror);
        await server._application.StartAsync();
        var addresses = server._application.Services
            .GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses;
        server.Address = new Uri(addresses.Single());
        return server;
    }

    /// <summary>A client that trusts the server's certificate, which nobody else does.</summary>
    public HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate?.GetCertHashString() == _certificate?.GetCertHashString();
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Closes all connections and frees the port, so that later calls are refused. May be called again.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stopped.CancelAsync();
        await _application.StopAsync();
        await _application.DisposeAsync();
        if (_mirror is not null)
        {
            await _mirror.DisposeAsync();
        }

        State.Dispose();
        _stopped.Dispose();
        _certificate?.Dispose();
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        kestrel.Limits.MaxRequestBufferSize = MaxHeaderBytes + MaxRequestLineBytes;

        // The recorded limit is lower; the router answers it in the recorded words.
        kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (_certificate is not null)
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(_certificate);
            }
        });
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var target = new RequestTarget(_gateway is not null && raw.StartsWith(Gateway.Prefix, StringComparison.Ordinal) ? raw[Gateway.Prefix.Length..] : raw);
        var request = Log(context, raw, target);
        try
        {
            var faults = Faults.Strike(request);
            foreach (var fault in faults)
            {
                await (fault.Hook?.Invoke(request) ?? Task.CompletedTask);
            }

            await AnswerAsync(context, request, target, faults.FirstOrDefault(fault => fault.Hook is null));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || _stopped.IsCancellationRequested)
        {
            context.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext context, StorageRequest request, RequestTarget target, Fault? fault)
    {
        if (fault is { IsClosed: true })
        {
            context.Abort();
            return;
        }

        if (fault is { IsSilent: true })
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopped.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, ended.Token);
        }

        var exchange = new StorageExchange(context, target, Tokens, fault, new ResponseBody(fault, _options.Clock, _stopped.Token));
        if (_gateway?.Refuse(context, request.Target) is { } refusal)
        {
            await exchange.SendJsonAsync(refusal, context.Response.StatusCode);
            return;
        }

        if (fault?.StatusToSend is { } status)
        {
            if (fault.RetryAfter is { } pause)
            {
                exchange.SetHeader("retry-after", ((int)pause.TotalSeconds).ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            await exchange.SendErrorAsync(StorageError.Passing(status));
            return;
        }

        var isDownload = StorageCall.IsDownload(request);
        CountDownloads(isDownload ? 1 : 0);
        try
        {
            await _router.AnswerAsync(exchange);
        }
        finally
        {
            CountDownloads(isDownload ? -1 : 0);
        }
    }

    private StorageRequest Log(HttpContext context, string raw, RequestTarget target)
    {
        var headers = context.Request.Headers
            .Where(header => !UnloggedHeaders.Contains(header.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var request = new StorageRequest(Interlocked.Increment(ref _received), context.Request.Method, raw, headers)
        {
            Path = target.Path,
            Protocol = context.Request.Protocol,
        };
        _requests.Enqueue(request);
        return request;
    }

    private void CountDownloads(int change)
    {
        lock (_countLock)
        {
            _openDownloads += change;
            PeakDownloads = Math.Max(PeakDownloads, _openDownloads);
        }
    }
}
