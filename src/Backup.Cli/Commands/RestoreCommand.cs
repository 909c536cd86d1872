using System.CommandLine;
using System.CommandLine.Parsing;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Cli.Progress;
using Backup.Core.Archives;
using Backup.Core.Catalog;
using Backup.Core.ObjectStores;
using Backup.Core.Postgres;
using Backup.Core.Restore;
using Backup.Core.Sinks;

namespace Backup.Cli.Commands;

/// <summary><c>restore</c>: brings a backup, or a part of it, back into a database, its files into an object store.</summary>
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

    private readonly Option<bool> _withRoles = new("--with-roles")
    {
        Description = "Make the roles of the backup that the target lacks, without passwords. Roles that exist are left as they are.",
    };

    private readonly Option<bool> _withDatabaseSettings = new("--with-database-settings")
    {
        Description = "Give the target database the owner, comment, settings and privileges of the source's.",
    };

    private readonly Option<bool> _allowUnsupported = new("--allow-unsupported")
    {
        Description = "Leave out what the target's server cannot make: what only other versions know, and extensions that it lacks.",
    };

    private readonly Option<ConflictPolicy> _onConflict = new("--on-conflict")
    {
        Description = "What to do with an object that the bucket already holds. Default: skip-identical, which overwrites what differs.",
        HelpName = "skip-identical|overwrite|fail",
        CustomParser = ParsePolicy,
    };

    private readonly StorageOptions _storage = new($"How many objects are uploaded at once. Default: {RestoreOptions.DefaultTransfers}.");

    private readonly Option<string[]> _includeTables =
        CommonOptions.Patterns("--include-table", "S.T", "Restore this table, with its partitions, and no others; * and ? are wildcards. May be repeated.");

    private readonly Option<DatabasePreset> _preset = CommonOptions.Preset(
        "Restore into a project of this platform, by its rules; for a backup that was made without --preset.");

    public RestoreCommand()
        : base("restore", "Restore a backup, or a part of it, into a database, its files into a Storage.")
    {
        var json = CommonOptions.Json();
        Add(_backup);
        foreach (var option in new Option[]
                 {
                     _from, _database, _jobs, _clean, _dryRun, _schemaOnly, _dataOnly, _skipOwners, _withRoles, _withDatabaseSettings,
                     _allowUnsupported, _includeTables, _preset,
                     _onConflict, json,
                 })
        {
            Add(option);
        }

        _storage.AddTo(this);
        Validators.Add(Validate);
        CommandRun.Set(this, json, RunAsync);
    }

    private void Validate(CommandResult result)
    {
        if (result.GetValue(_schemaOnly) && result.GetValue(_dataOnly))
        {
            result.AddError("--schema-only and --data-only exclude each other.");
        }

        if (result.GetValue(_schemaOnly) && _storage.IsGiven(result))
        {
            result.AddError("--schema-only brings no files back: leave out --storage.");
        }

        foreach (var option in new[] { _withRoles, _withDatabaseSettings })
        {
            if (result.GetValue(_dataOnly) && result.GetValue(option))
            {
                result.AddError($"--data-only brings back rows alone: leave {option.Name} out.");
            }
        }

        if (result.GetResult(_onConflict) is { Implicit: false } && !_storage.IsGiven(result))
        {
            result.AddError("--on-conflict is for files: give --storage.");
        }
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForReading(line.GetRequiredValue(_from));
        var tables = CommonOptions.Select(line.GetRequiredValue(_includeTables)) with { Preset = line.GetValue(_preset) };
        var store = _storage.Open(line, isSource: false);
        using var storeDisposal = store as IDisposable;
        await using var database = CommonOptions.OpenDatabase(line.GetValue(_database), isOptional: store is not null);
        var target = string.Join(" and ", new[] { database?.Description, store?.Capabilities.Location }.OfType<string>());
        using var log = new WarningLog(output, cancellationToken);
        var pipeline = BuildPipeline(line, sink, database, store, log);
        var manifest = await new BackupCatalog(sink).FindAsync(line.GetRequiredValue(_backup), cancellationToken);
        var request = MakeRequest(line, manifest.Id, tables);
        RestoreResult result;
        await using (var display = output.StartProgress())
        {
            result = await pipeline.RunAsync(request, display.From<RestoreProgress>(RestoreProgressText.Show), cancellationToken);
        }

        return Write(result, target, output);
    }

    private IRestorePipeline BuildPipeline(ParseResult line, IBackupSink sink, PostgresSource? database, IObjectStore? store, WarningLog log)
    {
        var builder = new RestorePipelineBuilder()
            .UseSink(sink)
            .UseLoggerFactory(log)
            .ConfigureOptions(options =>
            {
                options.Connections = line.GetValue(_jobs);
                options.Transfers = _storage.Transfers(line) ?? RestoreOptions.DefaultTransfers;
            });
        if (database is not null)
        {
            builder.UsePostgres(database);
        }
        else
        {
            CommonOptions.RefuseWithoutDatabase(
                line, _includeTables, _jobs, _clean, _dataOnly, _skipOwners, _withRoles, _withDatabaseSettings, _allowUnsupported, _preset);
        }

        if (store is not null)
        {
            builder.UseObjectStore(store);
        }

        return builder.Build();
    }

    private RestoreRequest MakeRequest(ParseResult line, BackupId backup, TableSelection tables) => new()
    {
        Backup = backup,
        Scope = line.GetValue(_schemaOnly) ? RestoreScope.SchemaOnly
            : line.GetValue(_dataOnly) ? RestoreScope.DataOnly
            : RestoreScope.Everything,
        Tables = tables,
        Objects = _storage.Select(line),
        OnConflict = line.GetValue(_onConflict),
        Clean = line.GetValue(_clean),
        DryRun = line.GetValue(_dryRun),
        SkipOwnersAndPrivileges = line.GetValue(_skipOwners),
        WithRoles = line.GetValue(_withRoles),
        WithDatabaseSettings = line.GetValue(_withDatabaseSettings),
        AllowUnsupported = line.GetValue(_allowUnsupported),
    };

    private static int Write(RestoreResult result, string target, CommandOutput output)
    {
        var isPlan = result.Outcome == RestoreOutcome.Planned;
        var isWhole = result.Failures.Count + result.Plan.Unsupported.Count == 0 && (!isPlan || result.Plan.Obstacles.Count == 0);
        var exitCode = isWhole ? ExitCode.Complete : ExitCode.CompletedWithFailures;
        if (isPlan)
        {
            // The plan is all there is: when it cannot be printed, nothing was done.
            WriteDocument();
            RestoreText.WritePlan(result, target, output);
        }
        else
        {
            output.WriteResult(RestoreText.Outcome(result, target), () =>
            {
                WriteDocument();
                RestoreText.WriteSummary(result, target, output);
            });
        }

        RestoreText.WriteNotes(result, output);
        return exitCode;

        void WriteDocument() => output.WriteDocument(
            RestoreDocument.Of(result, target, exitCode), DocumentFormat.Readable.RestoreDocument);
    }

    private static ConflictPolicy ParsePolicy(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "skip-identical":
                return ConflictPolicy.SkipIdentical;
            case "overwrite":
                return ConflictPolicy.Overwrite;
            case "fail":
                return ConflictPolicy.Fail;
            default:
                result.AddError($"'{result.Tokens[0].Value}' is no policy: --on-conflict takes skip-identical, overwrite or fail.");
                return default;
        }
    }
}
