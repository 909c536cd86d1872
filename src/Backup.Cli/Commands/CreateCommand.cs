using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Cli.Progress;
using Backup.Core.Compression;
using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;
using Backup.Core.Sinks;

namespace Backup.Cli.Commands;

/// <summary><c>create</c>: takes one backup.</summary>
internal sealed class CreateCommand : Command
{
    private readonly Option<string?> _database = CommonOptions.Database();
    private readonly Option<string> _to = CommonOptions.Location("--to");
    private readonly Option<string?> _codec = new("--codec")
    {
        Description = "How rows are packed: zstd (small and fast), deflate (any unzip opens it) or none. Default: zstd.",
        HelpName = "zstd|deflate|none",
    };

    private readonly Option<int?> _level = new("--level")
    {
        Description = "The codec's level: 1 to 22 for zstd (default: 1), 1 to 9 for deflate (default: 3).",
        HelpName = "N",
    };

    private readonly Option<int?> _jobs =
        CommonOptions.Jobs("How many connections read and how many threads pack. Default: by profile, processors and memory.");

    private readonly Option<long?> _memory =
        CommonOptions.Size("--memory", "128MiB", "How much memory buffers may take. Default: a quarter of what there is, at most what the profile says.");

    private readonly Option<BackupProfile> _profile = CommonOptions.Profile();

    private readonly Option<long?> _volumeSize =
        CommonOptions.Size("--volume-size", "256MiB", "The size at which the next zip file is begun. Default: no limit.");

    private readonly Option<FailureLimit?> _maxFailures = CommonOptions.Limit(
        "--max-failures", $"How many stored objects may fail before the backup does. Default: {FailurePolicy.DefaultMaxFailedObjects}.");

    private readonly Option<FailureLimit?> _maxFailedTables = CommonOptions.Limit(
        "--max-failed-tables", "How many tables may fail before the backup does. Default: 0.");

    private readonly Option<bool> _withRoles = new("--with-roles")
    {
        Description = "Back up the server's roles too, without passwords.",
    };

    private readonly Option<bool> _allowUnsupported = new("--allow-unsupported")
    {
        Description = "Make the backup though the database holds what no backup can, or its server is newer than what is known.",
    };

    private readonly StorageOptions _storage = new("How many objects are downloaded at once. Default: by profile.");

    private readonly TableOptions _tables = new();

    private readonly SuspendOptions _suspend = new();

    private readonly IncrementalOptions _incremental = new();

    private readonly WorkersOption _workers = new();

    public CreateCommand()
        : base("create", "Take a backup of a database, its files, or both as of one instant.")
    {
        _codec.AcceptOnlyFromAmong(Compressors.Zstandard, Compressors.Deflate, Compressors.None);
        var json = CommonOptions.Json();
        foreach (var option in new Option[]
                 {
                     _database, _to, _codec, _level, _profile, _jobs, _memory, _volumeSize, _maxFailures, _maxFailedTables,
                     _allowUnsupported, _withRoles, json,
                 })
        {
            Add(option);
        }

        _tables.AddTo(this);
        _storage.AddTo(this);
        _suspend.AddTo(this);
        _incremental.AddTo(this, _suspend);
        _workers.AddTo(this, _suspend, _incremental);
        Validators.Add(result =>
        {
            if (result.GetResult(_maxFailures) is { Implicit: false } && !_storage.IsGiven(result))
            {
                result.AddError("--max-failures is for files: give --storage.");
            }
        });

        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var sink = SinkLocation.OpenForWriting(line.GetRequiredValue(_to));
        var request = _suspend.Apply(_incremental.Apply(new BackupRequest
        {
            Tables = _tables.Select(line),
            WithRoles = line.GetValue(_withRoles),
            Objects = _storage.Select(line),
            Failures = new FailurePolicy
            {
                Tables = line.GetValue(_maxFailedTables) ?? FailurePolicy.Default.Tables,
                Objects = line.GetValue(_maxFailures) ?? FailurePolicy.Default.Objects,
            },
            AllowUnsupported = line.GetValue(_allowUnsupported),
        }, line), line);
        var store = _storage.Open(line, isSource: true);
        using var storeDisposal = store as IDisposable;
        await using var source = CommonOptions.OpenDatabase(line.GetValue(_database), isOptional: store is not null);
        using var log = new WarningLog(output, cancellationToken);
        var pipeline = BuildPipeline(line, sink, source, store, log);
        if (_incremental.IsPreview(line))
        {
            return await PreviewAsync(pipeline, request, sink.Capabilities.Location, output, cancellationToken);
        }

        BackupResult result;
        await using (var display = output.StartProgress())
        {
            result = await pipeline.RunAsync(request, display.From<BackupProgress>(CreateProgressText.Show), cancellationToken);
        }

        var exitCode = result.Outcome switch
        {
            BackupOutcome.Complete => ExitCode.Complete,
            BackupOutcome.Suspended => ExitCode.Suspended,
            _ => ExitCode.CompletedWithFailures,
        };
        var text = new CreateText(result, sink.Capabilities.Location, source is not null, store is not null);
        output.WriteResult(text.Outcome, () =>
        {
            output.WriteDocument(
                CreateDocument.Of(result, sink.Capabilities.Location, exitCode), DocumentFormat.Readable.CreateDocument);
            text.Write(output, _suspend.ResumeLine(line, result.Id));
        });
        foreach (var failure in result.Failures)
        {
            output.WriteFailure(failure.Subject, failure.Reason);
        }

        foreach (var item in result.Unsupported)
        {
            output.WriteFailure(item.Name, item.Reason);
        }

        return exitCode;
    }

    private IBackupPipeline BuildPipeline(ParseResult line, IBackupSink sink, PostgresSource? source, IObjectStore? store, WarningLog log)
    {
        var builder = new BackupPipelineBuilder()
            .UseSink(sink)
            .UseLoggerFactory(log)
            .ConfigureOptions(options => Configure(options, line));
        if (source is not null)
        {
            builder.UsePostgres(source);
        }
        else
        {
            _tables.RefuseWithoutDatabase(line);
            _incremental.RefuseWithoutDatabase(line);
            CommonOptions.RefuseWithoutDatabase(line, _maxFailedTables, _withRoles, _allowUnsupported);
        }

        if (store is not null)
        {
            builder.UseObjectStore(store);
        }

        var database = source is null ? null : CommonOptions.DatabaseText(line.GetValue(_database));
        _workers.Apply(builder, line, line.GetRequiredValue(_to), database, _storage);
        return builder.Build();
    }

    private static async Task<int> PreviewAsync(
        IBackupPipeline pipeline, BackupRequest request, string location, CommandOutput output, CancellationToken cancellationToken)
    {
        BackupPreview preview;
        await using (var display = output.StartProgress())
        {
            preview = await pipeline.PreviewAsync(request, display.From<BackupProgress>(CreateProgressText.Show), cancellationToken);
        }

        var exitCode = preview.Failures.Count == 0 ? ExitCode.Complete : ExitCode.CompletedWithFailures;
        output.WriteDocument(PreviewDocument.Of(preview, location, exitCode), DocumentFormat.Readable.PreviewDocument);
        output.WriteLine($"A backup in {location} would be {preview.Kind.ToString().ToLowerInvariant()} (nothing was written)");
        ChangesText.WriteKind(output, preview.Kind, preview.Parent, preview.KindReason);
        ChangesText.WriteSums(output, preview.Changes);
        ChangesText.WriteTable(output, preview.Changes);
        foreach (var failure in preview.Failures)
        {
            output.WriteFailure(failure.Subject, failure.Reason);
        }

        return exitCode;
    }

    private void Configure(BackupOptions options, ParseResult line)
    {
        options.Codec = line.GetValue(_codec) ?? BackupOptions.DefaultCodec;
        options.Level = line.GetValue(_level);
        options.Profile = line.GetValue(_profile);
        options.Connections = line.GetValue(_jobs);
        options.CompressionWorkers = line.GetValue(_jobs);
        options.MemoryBudgetBytes = line.GetValue(_memory);
        options.VolumeBytes = line.GetValue(_volumeSize);
        options.Transfers = _storage.Transfers(line);
        _incremental.Configure(options, line);
    }
}
