namespace Backup.TestKit.Storage.Protocol;

/// <summary>Who calls, as far as it matters where row security is on and there are no policies: only the service sees anything.</summary>
internal enum StorageRole
{
    /// <summary>Nobody: no token, or on some routes a bad one.</summary>
    None,

    /// <summary>The anonymous key.</summary>
    Anon,

    /// <summary>A signed-in user.</summary>
    User,

    /// <summary>The service key.</summary>
    Service,
}
