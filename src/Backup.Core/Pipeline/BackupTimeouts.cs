namespace Backup.Core.Pipeline;

/// <summary>How long a run waits for what. Each limit ends with an error that names what it waited for.</summary>
/// <remarks>All are from 10 milliseconds to a day. Limits of statements over Npgsql are rounded up to whole seconds.</remarks>
public sealed class BackupTimeouts
{
    /// <summary>The default of <see cref="Connect"/>: 30 seconds.</summary>
    public static readonly TimeSpan DefaultConnect = TimeSpan.FromSeconds(30);

    /// <summary>The default of <see cref="Read"/>: 5 minutes.</summary>
    public static readonly TimeSpan DefaultRead = TimeSpan.FromMinutes(5);

    /// <summary>The default of <see cref="Transfer"/>: 5 minutes.</summary>
    public static readonly TimeSpan DefaultTransfer = TimeSpan.FromMinutes(5);

    /// <summary>The default of <see cref="Sink"/>: 2 minutes.</summary>
    public static readonly TimeSpan DefaultSink = TimeSpan.FromMinutes(2);

    /// <summary>The default of <see cref="Archive"/>: 5 minutes.</summary>
    public static readonly TimeSpan DefaultArchive = TimeSpan.FromMinutes(5);

    /// <summary>The default of <see cref="Progress"/>: 10 minutes.</summary>
    public static readonly TimeSpan DefaultProgress = TimeSpan.FromMinutes(10);

    /// <summary>The default of <see cref="Item"/>: one hour.</summary>
    public static readonly TimeSpan DefaultItem = TimeSpan.FromHours(1);

    /// <summary>How long opening one connection to the database may take. A shorter <c>Timeout</c> of the connection string comes first.</summary>
    /// <value><see cref="DefaultConnect"/> by default.</value>
    public TimeSpan Connect { get; set; } = DefaultConnect;

    /// <summary>How long the database may say nothing while rows or catalogs are read. Waiting for locks is limited by
    /// <see cref="BackupOptions.LockTimeout"/>.</summary>
    /// <value><see cref="DefaultRead"/> by default.</value>
    public TimeSpan Read { get; set; } = DefaultRead;

    /// <summary>How long an object store may take for one answer or for the next bytes of an object. A store's own limits, as those of
    /// <see cref="ObjectStores.SupabaseStorage.SupabaseStorageOptions"/>, are shorter as a rule and come first.</summary>
    /// <value><see cref="DefaultTransfer"/> by default.</value>
    public TimeSpan Transfer { get; set; } = DefaultTransfer;

    /// <summary>How long one call of the sink may take: to create, write to, list or delete an object.</summary>
    /// <value><see cref="DefaultSink"/> by default.</value>
    public TimeSpan Sink { get; set; } = DefaultSink;

    /// <summary>How long the sink may take to make one file of the backup, such as a volume, durable.</summary>
    /// <value><see cref="DefaultArchive"/> by default.</value>
    public TimeSpan Archive { get; set; } = DefaultArchive;

    /// <summary>
    /// How long a run may go without progress of any kind: no row, no byte of an object, no byte stored. Ends what no other limit
    /// covers, and a call that has a longer limit of its own: raise both. While the snapshot is being opened
    /// <see cref="BackupOptions.LockTimeout"/> comes on top.
    /// </summary>
    /// <value><see cref="DefaultProgress"/> by default.</value>
    public TimeSpan Progress { get; set; } = DefaultProgress;

    /// <summary>
    /// How long the reading of one page of rows, or the download of one object, may take from its first byte asked for to its last,
    /// whatever trickles meanwhile. What it waits for the run itself, memory or the archive, does not count. A page or an object that takes
    /// longer has failed as one of which nothing comes any more: it may be tried again, and <see cref="FailurePolicy"/> says what becomes of the run.
    /// </summary>
    /// <value><see cref="DefaultItem"/> by default; <see langword="null"/> for as long as it takes, as for an object that is larger than the
    /// line to the store carries within the time.</value>
    public TimeSpan? Item { get; set; } = DefaultItem;

    /// <summary>The same settings apart from these.</summary>
    internal BackupTimeouts Copy() => (BackupTimeouts)MemberwiseClone();
}
