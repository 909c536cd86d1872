using Backup.Cli.Output;
using Backup.Core.Catalog;

namespace Backup.Cli.Commands;

/// <summary>What people are told of a run that has not finished.</summary>
internal static class UnfinishedText
{
    /// <summary>Its state in a few words.</summary>
    public static string State(UnfinishedRun run) => run.State switch
    {
        UnfinishedRunState.Running => "running",
        UnfinishedRunState.Suspended when run.Part > 0 => $"suspended in part {Words.Count(run.Part)}",
        UnfinishedRunState.Suspended => "suspended",
        _ => "abandoned",
    };

    /// <summary>What can be done about it; <see langword="null"/> when nothing.</summary>
    public static string? Advice(UnfinishedRun run) => run.State switch
    {
        UnfinishedRunState.Suspended => $"'create … --resume {run.Id}' takes it up again; 'clean --all' removes it.",
        UnfinishedRunState.Abandoned => "The next run removes it, or 'clean'.",
        _ => null,
    };
}
