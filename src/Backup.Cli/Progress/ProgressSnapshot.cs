namespace Backup.Cli.Progress;

/// <summary>How far a command is, as it is shown: the same shape for all commands.</summary>
/// <param name="Phase">What is being done: <c>copying</c>.</param>
/// <param name="Percent">How much of the whole is done, from 0 to 100.</param>
/// <param name="Facts">Counts, sizes, rate and remaining time, each a few words.</param>
/// <param name="Items">What is being worked on.</param>
internal sealed record ProgressSnapshot(
    string Phase, double Percent, IReadOnlyList<string> Facts, IReadOnlyList<ProgressItem> Items)
{
    /// <summary>The phase in which nothing is left to do: the summary of the command follows.</summary>
    public const string Over = "done";
}
