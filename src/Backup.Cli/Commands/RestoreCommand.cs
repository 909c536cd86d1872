using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Cli.Progress;
using Backup.Core.Catalog;
using Backup.Core.Restore;

namespace Backup.Cli.Commands;

/// <summary><c>restore</c>: brings a backup, or a part of it, back into a database.</summary>
internal sealed class RestoreCommand : Command
{
    private readonly Argument<string> _backup = CommonOptions.Backup();
    private readonly Option<string> _from = CommonOptions.Location("--from");
    private readonly Option<string?> _database = CommonOptions.Database();
    private readonly Option<int?> _jobs =
        CommonOptions.Jobs("How many connections load rows and build indexes. Default: by processors.");

    private readonly Option<bool> _clean = new("--clean")
    {
        Description = "Remove first what is in the way: the backup's own objects, never others.",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Only print what would be done.",
    };

    private readonly Option<bool> _schemaOnly = new("--schema-only")
    {
        Description = "Bring back the objects without rows.",
    };

    private readonly Option<bool> _dataOnly = new("--data-only")
    {
        Description = "Bring back the rows, into tables that exist.",
    };

    private readonly Option<bool> _skipOwners = new("--skip-owners-and-privileges")
    {
        Description = "Leave out owners and grants: everything belongs to the role that restores.",
    };

    private readonly Option<string[]> _includeTables =
        CommonOptions.Patterns("--include-table", "S.T", "Restore this table, with its partitions, and no others; * and ? are wildcards. May be repeated.");

    public RestoreCommand()
        : base("restore", "Restore a backup, or a part of it, into a database.")
    {
        var json = CommonOptions.Json();
        Add(_backup);
        foreach (var option in new Option[]
                 {
                     _from, _database, _jobs, _clean, _dryRun, _schemaOnly, _dataOnly, _skipOwners, _includeTables, json,
                 })
        {
            Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetValue(_schemaOnly) && result.GetValue(_dataOnly))
            {
                result.AddError("--schema-only and --data-only exclude each other.");
            }
        });
        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForReading(line.GetRequiredValue(_from));
        var selection = CommonOptions.Select(line.GetRequiredValue(_includeTables));
        await using var target = CommonOptions.OpenDatabase(line.GetValue(_database));
        using var log = new WarningLog(output, cancellationToken);
        var pipeline = new RestorePipelineBuilder()
            .UseSink(sink)
            .UsePostgres(target)
            .UseLoggerFactory(log)
            .ConfigureOptions(options => options.Connections = line.GetValue(_jobs))
            .Build();
        var manifest = await new BackupCatalog(sink).FindAsync(line.GetRequiredValue(_backup), cancellationToken);
        var request = new RestoreRequest
        {
            Backup = manifest.Id,
            Scope = line.GetValue(_schemaOnly) ? RestoreScope.SchemaOnly
                : line.GetValue(_dataOnly) ? RestoreScope.DataOnly
                : RestoreScope.Everything,
            Tables = selection,
            Clean = line.GetValue(_clean),
            DryRun = line.GetValue(_dryRun),
            SkipOwnersAndPrivileges = line.GetValue(_skipOwners),
        };

        RestoreResult result;
        await using (var display = output.StartProgress())
        {
            result = await pipeline.RunAsync(request, display.From<RestoreProgress>(RestoreProgressText.Show), cancellationToken);
        }

        var isWhole = result.Failures.Count == 0 && (!request.DryRun || result.Plan.Obstacles.Count == 0);
        var exitCode = isWhole ? ExitCode.Complete : ExitCode.CompletedWithFailures;
        if (request.DryRun)
        {
            // The plan is all there is: when it cannot be printed, nothing was done.
            WriteDocument();
            WritePlan(result, target.Description, output);
        }
        else
        {
            output.WriteResult(Outcome(result, target.Description), () =>
            {
                WriteDocument();
                WriteSummary(result, target.Description, output);
            });
        }

        WriteNotes(result, output);
        return exitCode;

        void WriteDocument() => output.WriteDocument(
            RestoreDocument.Of(result, target.Description, exitCode), DocumentFormat.Readable.RestoreDocument);
    }

    private static void WriteSummary(RestoreResult result, string target, CommandOutput output)
    {
        output.WriteLine($"Restored {result.Backup} into {target}");
        output.WriteLine($"  {Words.Count(result.Objects, "object")}, {Words.Count(result.Tables.Count, "table")} with "
            + $"{Words.Count(result.Rows, "row")}, {ByteSize.Format(result.RawBytes)} "
            + $"in {Words.Duration(result.Duration)} ({Words.Rate(result.RawBytes, result.Duration)})");
    }

    private static string Outcome(RestoreResult result, string target) => result.Failures.Count == 0
        ? $"backup {result.Backup} is restored into {target}"
        : $"backup {result.Backup} is restored into {target}, without {Words.Count(result.Failures.Count, "item")}";

    private static void WriteNotes(RestoreResult result, CommandOutput output)
    {
        foreach (var item in result.Plan.LeftOut)
        {
            output.WriteWarning($"{item.Kind} {item.Name} is left out: {item.Reason}");
        }

        foreach (var failure in result.Failures)
        {
            output.WriteFailure($"{failure.Kind} {failure.Subject}", failure.Reason, failure.Hint is { } hint ? ErrorReport.OfRestore(hint) : null);
        }
    }

    private static void WritePlan(RestoreResult result, string target, CommandOutput output)
    {
        var plan = result.Plan;
        output.WriteLine($"Plan: restore {result.Backup} into {target}");
        foreach (var item in plan.Objects)
        {
            output.WriteLine($"  {(item.Exists ? "replace" : "create")} {item.Kind} {Words.Name(item.Name)}");
        }

        foreach (var table in plan.Tables)
        {
            output.WriteLine($"  load {Words.Name($"{table.Schema}.{table.Name}")}: "
                + $"{Words.Count(table.Rows, "row")}, {ByteSize.Format(table.RawBytes)}");
        }

        output.WriteLine($"{Words.Count(plan.Objects.Count, "object")}, {Words.Count(plan.Tables.Count, "table")}, "
            + $"{Words.Count(plan.Rows, "row")}, {ByteSize.Format(plan.RawBytes)}; nothing was changed.");
        foreach (var obstacle in plan.Obstacles)
        {
            output.WriteFailure("obstacle", ErrorReport.OfRestore(obstacle));
        }
    }
}
