namespace Backup.Core.Diagnostics;

/// <summary>The names under which backups, restores, verifications and merges can be watched with OpenTelemetry or any other listener.</summary>
/// <remarks>
/// <para>Names of spans, metrics and attributes stay the same within a major version; docs/operations.md says what each measures.
/// The driver measures its own connections and commands (<c>Npgsql</c>), the runtime its memory: neither is repeated here.</para>
/// <para>Without a listener nothing is measured, and nothing of this costs anything.</para>
/// </remarks>
public static class BackupTelemetry
{
    /// <summary>The name of the activity source: <c>tracing.AddSource(BackupTelemetry.ActivitySourceName)</c>.</summary>
    public const string ActivitySourceName = "Backup.Core";

    /// <summary>The name of the meter: <c>metrics.AddMeter(BackupTelemetry.MeterName)</c>.</summary>
    public const string MeterName = "Backup.Core";

    /// <summary>The span of a backup run. Child of the caller's current activity, and root where there is none.</summary>
    public const string RunSpan = "backup.run";

    /// <summary>The span of the reading of the schema.</summary>
    public const string SchemaSpan = "backup.schema";

    /// <summary>The span of a table: from its first read to the storing of its last page.</summary>
    public const string TableSpan = "backup.table";

    /// <summary>The span of the reading of one page of a table; child of the table's.</summary>
    public const string PageSpan = "backup.page";

    /// <summary>The span of the download of one object, each attempt one of its own.</summary>
    public const string ObjectSpan = "backup.object";

    /// <summary>The span of one zip volume: from its first byte until it is durable.</summary>
    public const string VolumeSpan = "backup.volume";

    /// <summary>The span of a restore.</summary>
    public const string RestoreSpan = "backup.restore";

    /// <summary>The span of the loading of a table, or of some of its pages, in one transaction.</summary>
    public const string RestoreTableSpan = "backup.restore.table";

    /// <summary>The span of the upload of one object, or of the finding that it need not be uploaded.</summary>
    public const string RestoreObjectSpan = "backup.restore.object";

    /// <summary>The span of a verification.</summary>
    public const string VerifySpan = "backup.verify";

    /// <summary>The span of the check of one volume.</summary>
    public const string VerifyVolumeSpan = "backup.verify.volume";

    /// <summary>The span of a merge.</summary>
    public const string MergeSpan = "backup.merge";

    /// <summary>Histogram, seconds: how long an operation took.</summary>
    public const string RunDuration = "backup.run.duration";

    /// <summary>Up-down counter: operations under way.</summary>
    public const string RunActive = "backup.run.active";

    /// <summary>Counter, bytes: what was read from sources and written to sinks and targets.</summary>
    public const string Io = "backup.io";

    /// <summary>Counter: rows read, or in a restore rows committed.</summary>
    public const string Rows = "backup.rows";

    /// <summary>Counter: objects stored, or in a restore dealt with.</summary>
    public const string Objects = "backup.objects";

    /// <summary>Histogram, seconds: how long the reading of a page took.</summary>
    public const string PageDuration = "backup.page.duration";

    /// <summary>Histogram, seconds: how long an attempt to download an object took.</summary>
    public const string ObjectDuration = "backup.object.duration";

    /// <summary>Counter: what was tried again.</summary>
    public const string Retries = "backup.retries";

    /// <summary>Counter: tables and objects that were left out.</summary>
    public const string Failures = "backup.failures";

    /// <summary>Gauge, seconds: the time since the last backup that this process saw committed.</summary>
    public const string LastSuccessAge = "backup.last_success.age";

    /// <summary>Up-down counter, bytes: what the buffers of all runs hold now.</summary>
    public const string MemoryUsage = "backup.memory.usage";

    /// <summary>Up-down counter, bytes: what the buffers of all runs may hold.</summary>
    public const string MemoryLimit = "backup.memory.limit";

    /// <summary>Attribute: <c>backup</c>, <c>restore</c>, <c>verify</c> or <c>merge</c>.</summary>
    public const string OperationAttribute = "backup.operation";

    /// <summary>Attribute: how an operation ended, such as <c>complete</c>, <c>completed_with_failures</c>, <c>failed</c>, <c>cancelled</c>,
    /// or of a verification <c>intact</c> or <c>damaged</c>.</summary>
    public const string OutcomeAttribute = "backup.outcome";

    /// <summary>Attribute: where backups are kept.</summary>
    public const string LocationAttribute = "backup.location";

    /// <summary>Attribute of spans: the backup's id.</summary>
    public const string IdAttribute = "backup.id";

    /// <summary>Attribute: <c>read</c> or <c>write</c>.</summary>
    public const string DirectionAttribute = "backup.io.direction";

    /// <summary>Attribute: <c>database</c> or <c>storage</c>.</summary>
    public const string LaneAttribute = "backup.lane";

    /// <summary>Attribute: what was tried again: <c>connection</c>, <c>page</c>, <c>object</c> or <c>sink</c>.</summary>
    public const string RetryAttribute = "backup.retry";

    /// <summary>Attribute: what was left out: <c>table</c> or <c>object</c>.</summary>
    public const string ItemAttribute = "backup.item";

    /// <summary>Attribute: a bucket's id.</summary>
    public const string BucketAttribute = "backup.bucket";

    /// <summary>Attribute of spans: an object's name.</summary>
    public const string ObjectAttribute = "backup.object.name";

    /// <summary>Attribute of spans: a volume's name.</summary>
    public const string VolumeAttribute = "backup.volume.name";

    /// <summary>Attribute of spans: a page's number in its table.</summary>
    public const string PageAttribute = "backup.page.number";

    /// <summary>Attribute of spans: a number of bytes, as raw rows or object bytes, or of a volume as stored.</summary>
    public const string BytesAttribute = "backup.bytes";

    /// <summary>Attribute of spans: a number of rows.</summary>
    public const string RowsAttribute = "backup.row_count";

    /// <summary>Attribute of spans, as OpenTelemetry names it: the schema-qualified table.</summary>
    public const string TableAttribute = "db.collection.name";

    /// <summary>Attribute of spans, as OpenTelemetry names it: the database.</summary>
    public const string DatabaseAttribute = "db.namespace";

    /// <summary>Attribute, as OpenTelemetry names it and only after a failure: the type of the exception.</summary>
    public const string ErrorAttribute = "error.type";
}
