using System.CommandLine;
using Backup.Cli.Documents;
using Backup.Cli.Output;
using Backup.Cli.Progress;
using Backup.Core.Diagnosis;
using Backup.Core.Pipeline;

namespace Backup.Cli.Commands;

/// <summary><c>diagnose</c>: looks at database, Storage, target and host before the first backup.</summary>
internal sealed class DiagnoseCommand : Command
{
    private readonly Option<string?> _database = CommonOptions.Database();
    private readonly Option<string?> _to = CommonOptions.OptionalLocation("--to");
    private readonly StorageOptions _storage = new("How many objects are downloaded at once. Default: by profile.");
    private readonly TableOptions _tables = new();
    private readonly Option<BackupProfile> _profile = CommonOptions.Profile();

    public DiagnoseCommand()
        : base("diagnose", "Look at database, Storage, target and host, and say what would stand in a backup's way.")
    {
        var json = CommonOptions.Json();
        Add(_database);
        _storage.AddTo(this);
        Add(_to);
        _tables.AddTo(this);
        Add(_profile);
        Add(json);
        CommandRun.Set(this, json, RunAsync);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var target = line.GetValue(_to) is { Length: > 0 } location ? SinkLocation.OpenForWriting(location) : null;
        var tables = _tables.Select(line);
        var store = _storage.Open(line, isSource: true, StorageOptions.Impatient);
        using var storeDisposal = store as IDisposable;
        await using var source = CommonOptions.OpenDatabase(line.GetValue(_database), isOptional: true);
        if (source is null)
        {
            _tables.RefuseWithoutDatabase(line);
        }

        var request = new DiagnosisRequest
        {
            Database = source,
            Tables = tables,
            Store = store,
            Objects = _storage.Select(line),
            Target = target,
            Options = new BackupOptions { Profile = line.GetValue(_profile), Transfers = _storage.Transfers(line) },
        };

        DiagnosisReport report;
        var progress = new DiagnoseProgressText(AreasOf(request));
        await using (var display = output.StartProgress())
        {
            report = await new BackupDiagnosis().RunAsync(
                request, display.From<DiagnosisCheck>(progress.Show), cancellationToken);
        }

        if (source is null && store is null && target is null)
        {
            output.WriteWarning("Only the host was looked at: give --database, --storage or --to for the rest.");
        }

        var exitCode = report.Status == DiagnosisStatus.Fail ? ExitCode.CompletedWithFailures : ExitCode.Complete;
        output.WriteDocument(DiagnoseDocument.Of(report, exitCode), DocumentFormat.Readable.DiagnoseDocument);
        DiagnoseText.Write(report, output);
        return exitCode;
    }

    private static List<DiagnosisArea> AreasOf(DiagnosisRequest request)
    {
        var areas = new List<DiagnosisArea> { DiagnosisArea.Host };
        if (request.Database is not null)
        {
            areas.Add(DiagnosisArea.Database);
        }

        if (request.Store is not null)
        {
            areas.Add(DiagnosisArea.Storage);
        }

        if (request.Target is not null)
        {
            areas.Add(DiagnosisArea.Target);
        }

        return areas;
    }
}
