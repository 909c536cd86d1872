using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Cli.Progress;
using Backup.Core.Catalog;
using Backup.Core.Merging;

namespace Backup.Cli.Commands;

/// <summary><c>merge</c>: makes a backup that needs no other out of an incremental one.</summary>
internal sealed class MergeCommand : Command
{
    // As for create.
    private const long MinVolumeBytes = 1024 * 1024;

    private readonly Argument<string> _backup = CommonOptions.Backup();
    private readonly Option<string> _from = CommonOptions.Location("--from");

    private readonly Option<long?> _volumeSize = CommonOptions.Size(
        "--volume-size", "256MiB", "The size at which the next zip file is begun. Default: no limit.");

    public MergeCommand()
        : base("merge", "Make a backup that needs no other out of an incremental one, without packing anything again.")
    {
        var json = CommonOptions.Json();
        Add(_backup);
        Add(_from);
        Add(_volumeSize);
        Add(json);
        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForReading(line.GetRequiredValue(_from));
        var options = new MergeOptions { VolumeBytes = line.GetValue(_volumeSize) };
        if (options.VolumeBytes < MinVolumeBytes)
        {
            throw new UsageException($"--volume-size is {options.VolumeBytes} bytes; the least is {ByteSize.Format(MinVolumeBytes)}.");
        }

        var source = await new BackupCatalog(sink).FindAsync(line.GetRequiredValue(_backup), cancellationToken);
        using var log = new WarningLog(output, cancellationToken);
        MergeResult result;
        await using (var display = output.StartProgress())
        {
            result = await new BackupMerger(sink, loggerFactory: log).MergeAsync(
                source.Id, options, display.From<MergeProgress>(MergeProgressText.Show), cancellationToken);
        }

        output.WriteResult(Summary(result), () =>
        {
            output.WriteDocument(MergeDocument.Of(result, sink.Capabilities.Location), DocumentFormat.Readable.MergeDocument);
            Write(result, output);
        });
        return ExitCode.Complete;
    }

    private static void Write(MergeResult result, CommandOutput output)
    {
        output.WriteLine($"{Summary(result)}.");
        if (result.Outcome == MergeOutcome.Merged)
        {
            output.WriteLine($"  {Words.Count(result.Entries, "entry")} copied, {ByteSize.Format(result.CopiedBytes)} "
                + $"in {Words.Duration(result.Duration)} ({Words.Rate(result.CopiedBytes, result.Duration)})");
            output.WriteLine($"  {ByteSize.Format(result.StoredBytes)} stored; what was merged is as it was");
        }
    }

    private static string Summary(MergeResult result) => result.Outcome switch
    {
        MergeOutcome.NotNeeded => $"Backup {result.Source} needs no other backup: there is nothing to merge",
        MergeOutcome.AlreadyMerged => $"Backup {result.Source} has been merged before: {result.Backup} holds all of it",
        _ => $"Backup {result.Source} is merged into {result.Backup}, which needs no other",
    };
}
