namespace Backup.TestKit.Storage;

/// <summary>How a body ends that does not come whole.</summary>
internal enum FaultyEnd
{
    /// <summary>The connection is closed.</summary>
    Cut,

    /// <summary>The connection is reset.</summary>
    Reset,

    /// <summary>Nothing more comes, and the connection stays open.</summary>
    Stall,
}
