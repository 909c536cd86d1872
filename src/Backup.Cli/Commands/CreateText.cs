using Backup.Cli.Output;
using Backup.Core.Pipeline;

namespace Backup.Cli.Commands;

/// <summary>Puts the result of <c>create</c> into words.</summary>
/// <param name="result">The result.</param>
/// <param name="location">Where the backup is kept.</param>
/// <param name="hasDatabase">Whether it is of a database.</param>
/// <param name="hasStorage">Whether it is of a store.</param>
internal sealed class CreateText(BackupResult result, string location, bool hasDatabase, bool hasStorage)
{
    /// <summary>What became of the run, in a few words.</summary>
    public string Outcome => result.Outcome switch
    {
        BackupOutcome.Complete => $"backup {result.Id} is complete",
        BackupOutcome.Suspended => $"run {result.Id} is suspended, to be resumed",
        _ => $"backup {result.Id} is made, without {Words.Count(result.Failures.Count + result.Unsupported.Count, "item")}",
    };

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="resumeLine">The command line that goes on with a suspended run.</param>
    public void Write(CommandOutput output, string resumeLine)
    {
        var totals = result.Totals;
        if (result.Remaining is not { } remaining)
        {
            output.WriteLine($"Backup {result.Id} in {location}");
            output.WriteLine($"  {Contents()}, {ByteSize.Format(totals.RawBytes)} stored as {ByteSize.Format(totals.StoredBytes)} "
                + $"in {Words.Duration(result.Duration)} ({Words.Rate(totals.RawBytes, result.Duration)})");
            ChangesText.WriteKind(output, result.Kind, result.Parent, result.KindReason);
            if (result.Changes is { } changes)
            {
                ChangesText.WriteSums(output, changes);
            }

            return;
        }

        output.WriteLine($"Run {result.Id} in {location} is suspended by its time budget: no backup yet");
        output.WriteLine($"  stored: {Contents()}, {ByteSize.Format(totals.RawBytes)} stored as {ByteSize.Format(totals.StoredBytes)}, "
            + $"by part {Words.Count(result.Part)} in {Words.Duration(result.Duration)}");
        output.WriteLine($"  left:   {Left(remaining)}");
        output.WriteLine($"  resume: {resumeLine}");
    }

    private string Contents()
    {
        var contents = new List<string>();
        if (hasDatabase)
        {
            contents.Add(Words.Count(result.Tables.Count, "table"));
            contents.Add(Words.Count(result.Totals.Rows, "row"));
        }

        if (hasStorage)
        {
            contents.Add(Words.Count(result.Buckets.Count, "bucket"));
            contents.Add(Words.Count(result.Totals.Objects, "object"));
        }

        return string.Join(", ", contents);
    }

    private static string Left(RemainingWork remaining)
    {
        var left = new List<string>();
        if (remaining.Tables > 0)
        {
            left.Add($"{Words.Count(remaining.Tables, "table")} of about {ByteSize.Format(remaining.TableBytes)}");
        }

        if (remaining.HasObjects)
        {
            left.Add(remaining.Objects is { } objects ? Words.Count(objects, "object") : "objects");
        }

        return left.Count == 0 ? "only what is written last" : string.Join(", ", left);
    }
}
