namespace Backup.TestKit.Storage;

/// <summary>One thing that goes wrong with a request, or that happens when it arrives.</summary>
public sealed record Fault
{
    private Fault()
    {
    }

    /// <summary>The connection closes before a byte of the answer.</summary>
    public static Fault Close { get; } = new() { IsClosed = true };

    /// <summary>The token is taken for one that has expired.</summary>
    public static Fault ExpiredToken { get; } = new() { HasExpiredToken = true };

    /// <summary>No answer comes until the client gives up.</summary>
    public static Fault Silence { get; } = new() { IsSilent = true };

    /// <summary>The status to answer with.</summary>
    internal int? StatusToSend { get; private init; }

    internal TimeSpan? RetryAfter { get; private init; }

    internal bool IsClosed { get; private init; }

    internal bool IsSilent { get; private init; }

    internal bool HasExpiredToken { get; private init; }

    /// <summary>How many bytes of the body are sent before it ends as <see cref="End"/> says.</summary>
    internal long? EndsAfterBytes { get; private init; }

    internal FaultyEnd End { get; private init; }

    /// <summary>What Content-Length says, relative to the true one.</summary>
    internal long LengthDifference { get; private init; }

    internal int? TrickleBytes { get; private init; }

    internal TimeSpan TricklePause { get; private init; }

    internal string? ETagToSend { get; private init; }

    internal Func<StorageRequest, Task>? Hook { get; private init; }

    /// <summary>Answers with a status and the body that the real server has for it: 429, 500 or 544.</summary>
    public static Fault Status(int status, TimeSpan? retryAfter = null) => new() { StatusToSend = status, RetryAfter = retryAfter };

    /// <summary>Closes the connection after so many bytes of the body, all of which arrive.</summary>
    public static Fault Cut(long afterBytes) => new() { EndsAfterBytes = afterBytes, End = FaultyEnd.Cut };

    /// <summary>Resets the connection after so many bytes of the body; what is on its way by then is lost, maybe even the headers.</summary>
    public static Fault Reset(long afterBytes) => new() { EndsAfterBytes = afterBytes, End = FaultyEnd.Reset };

    /// <summary>Sends no more after so many bytes of the body and leaves the connection open until the client gives up.</summary>
    public static Fault Stall(long afterBytes) => new() { EndsAfterBytes = afterBytes, End = FaultyEnd.Stall };

    /// <summary>Sends the body in small pieces with a pause after each.</summary>
    public static Fault Trickle(int bytes, TimeSpan pause) => new() { TrickleBytes = bytes, TricklePause = pause };

    /// <summary>Announces fewer bytes than there are and sends only those: the answer is well formed and not the whole object.</summary>
    public static Fault Shorter(long byBytes) => new() { LengthDifference = -byBytes };

    /// <summary>Announces more bytes than there are, sends the true ones and closes the connection.</summary>
    public static Fault Longer(long byBytes) => new() { LengthDifference = byBytes };

    /// <summary>Says another ETag than the object's.</summary>
    public static Fault ETag(string eTag) => new() { ETagToSend = eTag };

    /// <summary>Runs test code before the request is answered, such as changing an object while the backup runs.</summary>
    public static Fault Run(Func<Task> hook) => new() { Hook = _ => hook() };

    /// <summary>Runs test code with the request before it is answered.</summary>
    public static Fault Run(Func<StorageRequest, Task> hook) => new() { Hook = hook };
}
