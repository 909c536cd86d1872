namespace Backup.Cli.Output;

/// <summary>Stdout took no more: a full disk behind a redirection, a closed descriptor.</summary>
internal sealed class OutputException(IOException cause)
    : Exception($"The result could not be printed: {cause.Message}", cause);
