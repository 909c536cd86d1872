using Backup.Cli.Output;
using Backup.Core.Restore;

namespace Backup.Cli.Commands;

/// <summary>Puts the plan and the result of a restore into words.</summary>
internal static class RestoreText
{
    public static void WriteSummary(RestoreResult result, string target, CommandOutput output)
    {
        output.WriteLine($"Restored {result.Backup} into {target}");
        var parts = new List<string>();
        if (result.Objects > 0 || result.Tables.Count > 0)
        {
            parts.Add($"{Words.Count(result.Objects, "object")}, {Words.Count(result.Tables.Count, "table")} with "
                + $"{Words.Count(result.Rows, "row")}, {ByteSize.Format(result.RawBytes)}");
        }

        if (result.Roles.Count > 0)
        {
            parts.Add(Words.Count(result.Roles.Count, "new role"));
        }

        if (result.Buckets.Count > 0)
        {
            parts.Add($"{Words.Count(result.FilesUploaded.Objects, "file")} of {Words.Count(result.Buckets.Count, "bucket")}, "
                + ByteSize.Format(result.FilesUploaded.Bytes)
                + (result.FilesSkipped.Objects > 0 ? $" ({Words.Count(result.FilesSkipped.Objects)} more were there already)" : string.Empty));
        }

        var bytes = result.RawBytes + result.FilesUploaded.Bytes;
        output.WriteLine($"  {string.Join("; ", parts.DefaultIfEmpty("nothing"))} "
            + $"in {Words.Duration(result.Duration)} ({Words.Rate(bytes, result.Duration)})");
    }

    public static string Outcome(RestoreResult result, string target) => MissingItems(result) == 0
        ? $"backup {result.Backup} is restored into {target}"
        : $"backup {result.Backup} is restored into {target}, without {Words.Count(MissingItems(result), "item")}";

    private static int MissingItems(RestoreResult result) => result.Failures.Count + result.Plan.Unsupported.Count;

    public static void WriteNotes(RestoreResult result, CommandOutput output)
    {
        foreach (var item in result.Plan.LeftOut)
        {
            output.WriteWarning($"{item.Kind} {item.Name} is left out: {item.Reason}");
        }

        foreach (var item in result.Plan.Unsupported)
        {
            output.WriteFailure($"{item.Kind} {item.Name}", item.Reason);
        }

        // The result's notices have been shown as they were logged.
        foreach (var failure in result.Failures)
        {
            output.WriteFailure($"{failure.Kind} {failure.Subject}", failure.Reason, failure.Hint is { } hint ? ErrorReport.OfCommandLine(hint) : null);
        }
    }

    public static void WritePlan(RestoreResult result, string target, CommandOutput output)
    {
        var plan = result.Plan;
        output.WriteLine($"Plan: restore {result.Backup} into {target}");
        foreach (var role in plan.Roles)
        {
            output.WriteLine($"  create ROLE {Words.Name(role)}");
        }

        foreach (var item in plan.Objects)
        {
            output.WriteLine($"  {(item.Exists ? "replace" : "create")} {item.Kind} {Words.Name(item.Name)}");
        }

        foreach (var table in plan.Tables)
        {
            output.WriteLine($"  load {Words.Name($"{table.Schema}.{table.Name}")}: "
                + $"{Words.Count(table.Rows, "row")}, {ByteSize.Format(table.RawBytes)}");
        }

        foreach (var bucket in plan.Buckets)
        {
            WriteBucket(bucket, output);
        }

        foreach (var setting in plan.DatabaseSettings)
        {
            output.WriteLine($"  set {Words.Name(setting)}");
        }

        output.WriteLine($"{Words.Count(plan.Objects.Count, "object")}, {Words.Count(plan.Tables.Count, "table")}, "
            + $"{Words.Count(plan.Rows, "row")}, {ByteSize.Format(plan.RawBytes)}"
            + (plan.Buckets.Count > 0 ? $"; {Words.Count(plan.Files.Objects, "file")}, {ByteSize.Format(plan.Files.Bytes)}" : string.Empty)
            + "; nothing was changed.");
        foreach (var obstacle in plan.Obstacles)
        {
            output.WriteFailure("obstacle", ErrorReport.OfCommandLine(obstacle));
        }
    }

    private static void WriteBucket(PlannedBucket bucket, CommandOutput output)
    {
        output.WriteLine($"  {(bucket.Exists ? "fill" : "create")} bucket {Words.Name(bucket.Id)}: "
            + $"{Words.Count(bucket.Chosen.Objects, "file")}, {ByteSize.Format(bucket.Chosen.Bytes)}");
        if (bucket.Forecast is { } forecast && bucket.Exists)
        {
            output.WriteLine($"    restore {Words.Count(forecast.Created.Objects)}, skip {Words.Count(forecast.Skipped.Objects)}, "
                + $"overwrite {Words.Count(forecast.Overwritten.Objects)}, in conflict {Words.Count(forecast.Conflicting.Objects)}");
        }

        foreach (var difference in bucket.DifferingSettings)
        {
            output.WriteLine($"    {Words.Name(difference)}");
        }
    }
}
