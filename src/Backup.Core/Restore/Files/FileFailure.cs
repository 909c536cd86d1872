using Backup.Core.Errors;

namespace Backup.Core.Restore.Files;

/// <summary>Says why something on the side of the object store could not be restored.</summary>
internal static class FileFailure
{
    /// <summary>A bucket.</summary>
    public const string BucketKind = "BUCKET";

    /// <summary>A stored object.</summary>
    public const string ObjectKind = "OBJECT";

    /// <summary>All of the object store.</summary>
    public const string StorageKind = "STORAGE";

    /// <summary>What a run that stops at the first error says.</summary>
    public const string Stopped = "The run was asked to stop at the first error; what was uploaded before stays.";

    /// <summary>Whether a failure is one of the object store's side.</summary>
    public static bool IsOf(RestoreFailure failure) => failure.Kind is BucketKind or ObjectKind or StorageKind;

    /// <summary>The failure.</summary>
    public static RestoreFailure Of(string kind, string subject, Exception exception) => new()
    {
        Kind = kind,
        Subject = subject,
        Reason = exception.Message,
        Hint = (exception as BackupException)?.Hint,
    };
}
