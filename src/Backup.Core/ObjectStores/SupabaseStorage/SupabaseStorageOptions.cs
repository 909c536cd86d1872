namespace Backup.Core.ObjectStores.SupabaseStorage;

/// <summary>How to reach the Storage of a Supabase project, and how patient to be with it.</summary>
public sealed class SupabaseStorageOptions
{
    /// <summary>The default of <see cref="ListPageSize"/>: the most that one page of the listing can hold.</summary>
    public const int DefaultListPageSize = 1000;

    /// <summary>The default of <see cref="MaxRetries"/>.</summary>
    public const int DefaultMaxRetries = 4;

    /// <summary>The default of <see cref="RetryDelay"/>.</summary>
    public static readonly TimeSpan DefaultRetryDelay = TimeSpan.FromSeconds(0.5);

    /// <summary>The default of <see cref="AttemptTimeout"/>: longer than the server's own limit of 30 s for a statement.</summary>
    public static readonly TimeSpan DefaultAttemptTimeout = TimeSpan.FromSeconds(40);

    /// <summary>The default of <see cref="ProgressTimeout"/>.</summary>
    public static readonly TimeSpan DefaultProgressTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The default of <see cref="MinBytesPerSecond"/>: slower than any line on which a backup could end.</summary>
    public const int DefaultMinBytesPerSecond = 1024;

    /// <summary>
    /// The project's address, with or without <c>/storage/v1</c>: <c>https://ref.supabase.co</c>, or that of a bare Storage server.
    /// </summary>
    /// <value>Must be set: an absolute http or https address.</value>
    public Uri? Url { get; set; }

    /// <summary>
    /// The project's service key, which row level security must not apply to: the <c>service_role</c> token, or for the hosted
    /// service one that begins with <c>sb_secret_</c>. Listings with a key that sees only a part are refused. Never logged.
    /// </summary>
    /// <value>Must be set.</value>
    public string? Key { get; set; }

    /// <summary>Whether calls go through the gateway of the hosted service, under <c>/storage/v1</c>.</summary>
    /// <value><see langword="null"/>: the server is asked once.</value>
    public bool? UseGatewayPath { get; set; }

    /// <summary>How many objects one page of a listing asks for.</summary>
    /// <value><see cref="DefaultListPageSize"/>; 1 to 1000, above which the server cuts silently.</value>
    public int ListPageSize { get; set; } = DefaultListPageSize;

    /// <summary>How often a call that failed for a passing reason is made again.</summary>
    /// <value><see cref="DefaultMaxRetries"/>; 0 to 20.</value>
    public int MaxRetries { get; set; } = DefaultMaxRetries;

    /// <summary>
    /// How long to wait before the first retry; doubled each time, with jitter, up to a minute. A Retry-After of the server comes
    /// first, up to a minute too.
    /// </summary>
    /// <value><see cref="DefaultRetryDelay"/>; 0 to 1 minute.</value>
    public TimeSpan RetryDelay { get; set; } = DefaultRetryDelay;

    /// <summary>How long one attempt may take until the server has answered; contents of objects are not counted.</summary>
    /// <value><see cref="DefaultAttemptTimeout"/>; 10 ms to 1 day.</value>
    public TimeSpan AttemptTimeout { get; set; } = DefaultAttemptTimeout;

    /// <summary>How long a transfer may go without a byte before it is cut, and over how long its speed is measured.</summary>
    /// <value><see cref="DefaultProgressTimeout"/>; 10 ms to 1 day.</value>
    public TimeSpan ProgressTimeout { get; set; } = DefaultProgressTimeout;

    /// <summary>
    /// The speed below which a transfer is cut, as one that stands still is: so one that trickles for ever is ended and tried again.
    /// Measured over <see cref="ProgressTimeout"/> of waiting for the network; time in which this side makes the server wait does not count.
    /// </summary>
    /// <value><see cref="DefaultMinBytesPerSecond"/>; 0 lets any transfer go on that moves at all.</value>
    public int MinBytesPerSecond { get; set; } = DefaultMinBytesPerSecond;

    /// <summary>The same settings apart from these: what a pipeline was built with does not change under it.</summary>
    internal SupabaseStorageOptions Copy() => (SupabaseStorageOptions)MemberwiseClone();
}
