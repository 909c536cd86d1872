using Backup.Core.ObjectStores;
using Backup.Core.Pipeline.Suspension;

namespace Backup.Core.Pipeline.Stages.Objects;

/// <summary>How objects are downloaded.</summary>
/// <param name="Store">Where from.</param>
/// <param name="HasUserMetadata">Whether the listing carried user metadata; otherwise each object is looked up.</param>
/// <param name="Counts">Told how far each download is.</param>
/// <param name="Failures">Told what cannot be backed up.</param>
/// <param name="Telemetry">Told of each download, and of those that are tried again.</param>
/// <param name="Silence">Told of each download whether it failed; ends a run whose store has gone.</param>
/// <param name="Deadline">When no further download is begun.</param>
/// <param name="ItemLimit">How long one download may take; <see langword="null"/> for as long as it takes.</param>
/// <param name="TimeProvider">The clock.</param>
internal sealed record ObjectReadRules(
    IObjectStore Store,
    bool HasUserMetadata,
    ObjectCounts Counts,
    ObjectFailures Failures,
    RunTelemetry Telemetry,
    StoreSilence Silence,
    RunDeadline Deadline,
    TimeSpan? ItemLimit,
    TimeProvider TimeProvider);
