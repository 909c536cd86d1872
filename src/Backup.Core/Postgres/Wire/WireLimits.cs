namespace Backup.Core.Postgres.Wire;

/// <summary>How long a wire connection waits for what.</summary>
internal sealed record WireLimits
{
    /// <summary>From a cancellation until the socket is closed: what the server has to heed the request to stop.</summary>
    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>What a statement that cleans up may take.</summary>
    public TimeSpan CleanUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a server may say nothing. One that works on a page sends something every few seconds; one that is silent for
    /// so long is gone, even when something in between still answers TCP's keepalives.
    /// </summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMinutes(10);
}
