using Backup.Core.Errors;

namespace Backup.Core.Tests.Pipeline.Faults;

/// <summary>Which faults can strike which call, and what they look like.</summary>
internal static class FaultTable
{
    private static readonly FaultKind[] Rows = [FaultKind.Refused, FaultKind.Busy, FaultKind.Busy, FaultKind.Hangs];
    private static readonly FaultKind[] Ends = [FaultKind.Refused, FaultKind.Busy];
    private static readonly FaultKind[] Files = [FaultKind.Refused, FaultKind.Refused, FaultKind.Busy, FaultKind.Busy, FaultKind.Busy, FaultKind.Foreign, FaultKind.Hangs, FaultKind.HangsDeaf];
    private static readonly FaultKind[] Publishing = [.. Files, FaultKind.AnswerLost, FaultKind.AnswerLost, FaultKind.AnswerLost];

    /// <summary>The faults of a call; the more often one is named, the more often it strikes.</summary>
    public static FaultKind[] KindsOf(FaultCall call) => call switch
    {
        FaultCall.ReadRows =>
            [FaultKind.Refused, FaultKind.Refused, FaultKind.Busy, FaultKind.Busy, FaultKind.ConnectionLost, FaultKind.ConnectionLost, FaultKind.SnapshotLost, FaultKind.Foreign, FaultKind.Hangs],
        FaultCall.OpenPage => [FaultKind.Refused, FaultKind.Busy, FaultKind.Busy, FaultKind.ConnectionLost, FaultKind.Hangs],
        FaultCall.ListRow => [FaultKind.Refused, FaultKind.Busy, FaultKind.Twice, FaultKind.LeftOut],
        FaultCall.ListBuckets => [FaultKind.Refused, FaultKind.Busy, FaultKind.Hangs, FaultKind.HangsDeaf],
        FaultCall.ListObject => [FaultKind.Refused, FaultKind.Busy, FaultKind.Twice, FaultKind.Hangs, FaultKind.HangsDeaf],
        FaultCall.FindObject => [FaultKind.Refused, FaultKind.Busy, FaultKind.Replaced, FaultKind.Removed, FaultKind.Hangs, FaultKind.HangsDeaf],
        FaultCall.OpenObject =>
        [
            FaultKind.Refused, FaultKind.Busy, FaultKind.Busy, FaultKind.Replaced, FaultKind.Removed, FaultKind.OtherSize, FaultKind.OtherETag, FaultKind.NoETag,
            FaultKind.Surplus, FaultKind.Hangs, FaultKind.HangsDeaf,
        ],
        FaultCall.ReadObject =>
            [FaultKind.Refused, FaultKind.Busy, FaultKind.Busy, FaultKind.Busy, FaultKind.Foreign, FaultKind.Replaced, FaultKind.Removed, FaultKind.EndsEarly, FaultKind.Hangs],
        FaultCall.CommitFile or FaultCall.CreateFile or FaultCall.DeleteFile => Publishing,
        _ when IsEnd(call) => Ends,
        >= FaultCall.CreateFile => Files,
        _ => Rows,
    };

    /// <summary>Whether a call reads or writes bytes that may come in several pieces.</summary>
    public static bool GivesBytes(FaultCall call) => call is FaultCall.ReadRows or FaultCall.ReadObject or FaultCall.ReadFile;

    /// <summary>Whether a call is one of the sink.</summary>
    public static bool IsOfSink(FaultCall call) => call >= FaultCall.CreateFile;

    /// <summary>Whether a call is one of the store.</summary>
    public static bool IsOfStore(FaultCall call) => call is >= FaultCall.ListBuckets and < FaultCall.CreateFile;

    /// <summary>Whether a call ends something, which happens whatever becomes of the call.</summary>
    public static bool IsEnd(FaultCall call) => call is FaultCall.ClosePage or FaultCall.CloseReader or FaultCall.CloseSnapshot or FaultCall.AbortFile;

    /// <summary>Whether a call gives what has to be disposed: it fails before it is made, or not at all.</summary>
    public static bool Opens(FaultCall call) =>
        call is FaultCall.OpenSnapshot or FaultCall.OpenListing or FaultCall.OpenObject or FaultCall.OpenFile or FaultCall.CreateFile;

    /// <summary>Whether a run must take no harm.</summary>
    public static bool IsHarmless(FaultKind kind) => kind is FaultKind.None or FaultKind.Slow or FaultKind.Short or FaultKind.NoETag;

    /// <summary>Whether a call fails before it has done anything.</summary>
    public static bool FailsBefore(FaultKind kind) => kind is >= FaultKind.Refused and <= FaultKind.Foreign or FaultKind.ConnectionLost or FaultKind.SnapshotLost;

    /// <summary>The exception of a fault.</summary>
    public static Exception ExceptionOf(FaultCall call, FaultKind kind, string item)
    {
        var message = $"{call} of '{item}' failed, as the test asked: {kind}.";
        var isTransient = kind is FaultKind.Busy or FaultKind.Hangs or FaultKind.HangsDeaf or FaultKind.ConnectionLost or FaultKind.SnapshotLost;
        return kind == FaultKind.Foreign ? new IOException(message)
            : IsOfSink(call) ? new SinkException(message) { Subject = item, IsTransient = isTransient }
            : !IsOfStore(call) ? new DatabaseException(message) { Subject = item, IsTransient = isTransient }
            : new ObjectStoreException(message)
            {
                Subject = item,
                IsTransient = isTransient,
                Error = isTransient ? ObjectStoreError.Unavailable : ObjectStoreError.AccessDenied,
            };
    }
}
