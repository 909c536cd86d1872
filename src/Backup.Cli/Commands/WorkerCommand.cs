using System.CommandLine;
using Backup.Cli.Output;
using Backup.Core.Pipeline;
using Backup.Core.Sharding.Processes;

namespace Backup.Cli.Commands;

/// <summary><c>worker</c>: copies parts of a backup for the <c>create --workers</c> that started it. Not shown: nobody else can talk to it.</summary>
internal sealed class WorkerCommand : Command
{
    private const string CommandName = "worker";
    private const string LocationName = "--to";
    private const string StorageName = "--storage";

    private readonly Option<string> _to = CommonOptions.Location(LocationName);
    private readonly StorageOptions _storage = new("How many objects are downloaded at once; not used.");

    public WorkerCommand()
        : base(CommandName, "Copy parts of a backup for the process that started this one.")
    {
        Hidden = true;
        Add(_to);
        _storage.AddTo(this);
        CommandRun.Set(this, CommonOptions.Json(), RunAsync);
    }

    /// <summary>The words that start this program as a worker. None of them is a secret: those are in the environment.</summary>
    /// <param name="location">Where the backups are kept.</param>
    /// <param name="storage">The store; <see langword="null"/> for none.</param>
    public static (string Program, IReadOnlyList<string> Arguments) Call(string location, string? storage)
    {
        var program = Environment.ProcessPath ?? throw new UsageException("The system does not say which program this is, so no worker can be started.");

        // Run by dotnet, the program is what dotnet was given.
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        string[] store = storage is null ? [] : [$"{StorageName}={storage}"];
        return (program, [.. own, CommandName, $"{LocationName}={location}", .. store]);
    }

    private async Task<int> RunAsync(ParseResult line, CommandOutput output, CancellationToken cancellationToken)
    {
        var store = _storage.Open(line, isSource: true);
        using var storeDisposal = store as IDisposable;
        await using var source = CommonOptions.OpenDatabase(null, isOptional: store is not null);
        using var log = new WarningLog(output, cancellationToken);
        var builder = new BackupPipelineBuilder().UseSink(SinkLocation.OpenForWriting(line.GetRequiredValue(_to))).UseLoggerFactory(log);
        if (source is not null)
        {
            builder.UsePostgres(source);
        }

        if (store is not null)
        {
            builder.UseObjectStore(store);
        }

        await using var input = Console.OpenStandardInput();
        await using var results = Console.OpenStandardOutput();
        try
        {
            await builder.BuildWorker().RunAsync(input, results, cancellationToken);
            return ExitCode.Complete;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C reaches all processes of a terminal: the one that was started says what it ends, and says it once.
            return ExitCode.Cancelled;
        }
    }
}
