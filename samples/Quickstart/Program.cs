using Backup.Core.Errors;
using Backup.TestKit.Tools;
using Quickstart;
using Spectre.Console;

// dotnet run --project samples/Quickstart [-- --megabytes N] [--to FOLDER]
if (!QuickstartOptions.TryParse(args, out var options, out var problem))
{
    AnsiConsole.MarkupLineInterpolated($"[red]{problem}[/] {QuickstartOptions.Usage}");
    return 2;
}

try
{
    return await Scenario.RunAsync(options) ? 0 : 1;
}
catch (Exception exception) when (exception is BackupException or ToolException)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{exception.Message}[/]");
    return 3;
}
