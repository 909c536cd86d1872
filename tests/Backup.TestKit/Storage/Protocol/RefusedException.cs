namespace Backup.TestKit.Storage.Protocol;

/// <summary>Ends a call with a refusal, which the router sends.</summary>
#pragma warning disable CA1032 // It always has its error.
internal sealed class RefusedException(StorageError error) : Exception(error.Message)
#pragma warning restore CA1032
{
    public StorageError Error { get; } = error;
}
