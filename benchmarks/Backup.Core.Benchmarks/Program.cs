using Backup.Core.Benchmarks.Setup;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project benchmarks/Backup.Core.Benchmarks -- [--filter *Name*] [--job short]; see benchmarks/README.md.
var onlyAsks = args.Any(argument => argument is "--list" or "--help" or "--info" or "--version");
await using var servers = onlyAsks ? null : await SharedServers.StartAsync();
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new BenchmarkConfig());
return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
