using Backup.Core.Catalog;

namespace Backup.Cli.Documents;

/// <summary>The document of <c>show</c> of a run that has not finished.</summary>
internal sealed record ShowUnfinishedDocument : CommandDocument
{
    /// <summary>The run's id.</summary>
    public required string Id { get; init; }

    /// <summary>What is known of it.</summary>
    public required UnfinishedSection Unfinished { get; init; }

    /// <summary>Makes the document.</summary>
    public static ShowUnfinishedDocument Of(UnfinishedRun run) => new()
    {
        Command = "show",
        Status = DocumentStatus.Complete,
        ExitCode = Cli.ExitCode.Complete,
        Id = run.Id.Value,
        Unfinished = UnfinishedSection.Of(run),
    };
}
