namespace Backup.TestKit.Storage;

/// <summary>What kind of server to play. The default is the recorded one: alone, with the file backend.</summary>
public sealed record StorageServerOptions
{
    /// <summary>The default of <see cref="MaxUploadBytes"/>, as it was when the exchanges were recorded.</summary>
    public const long DefaultMaxUploadBytes = 50 * 1024 * 1024;

    /// <summary>Whether the gateway of the hosted service stands in front: all paths under <c>/storage/v1</c>, an <c>apikey</c> wanted.</summary>
    public bool IsBehindGateway { get; init; }

    /// <summary>Whether there is a listing by cursor; older servers lack it.</summary>
    public bool HasListV2 { get; init; } = true;

    /// <summary>The least time that a page of the listing by cursor takes; zero to answer as soon as it is there.</summary>
    public TimeSpan ListV2Pace { get; init; }

    /// <summary>Whether the bytes lie behind S3, where some answers differ, instead of in files.</summary>
    public bool HasS3Backend { get; init; }

    /// <summary>Whether it speaks HTTPS, and so HTTP/2 to those who ask for it; otherwise HTTP/1.1.</summary>
    public bool IsHttps { get; init; }

    /// <summary>The largest upload that the server takes.</summary>
    public long MaxUploadBytes { get; init; } = DefaultMaxUploadBytes;

    /// <summary>The clock of rows and tokens.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// A database that holds <c>storage.buckets</c> and <c>storage.objects</c>, as <c>StorageTables</c> makes them: each change is
    /// written there before it is answered. The server itself never reads them.
    /// </summary>
    public string? MirrorConnectionString { get; init; }
}
