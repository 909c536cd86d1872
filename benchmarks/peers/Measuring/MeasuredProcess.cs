using System.Globalization;
using Backup.Core.Peers.Results;
using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Measuring;

/// <summary>Runs a program under GNU time, which asks the kernel what the program and its children took.</summary>
/// <remarks>
/// Not by this process's own child: the kernel counts the memory of a process before <c>exec</c> as its own, and this one is larger
/// than some of those measured. See <see href="https://man7.org/linux/man-pages/man2/getrusage.2.html"/>.
/// </remarks>
internal static class MeasuredProcess
{
    private const string Time = "time";
    private const long Kibibyte = 1024;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromHours(2);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="ToolException">It, or GNU time, is missing, failed or took too long.</exception>
    public static async Task<Sample> RunAsync(ToolCommand command, ServerProcessors server, CancellationToken cancellationToken)
    {
        var program = await ExternalTool.FindAsync(command.Name, cancellationToken);
        var figures = Path.GetTempFileName();
        try
        {
            string[] arguments = ["-f", "%e %U %S %M", "-o", figures, program, .. command.Arguments];
            var measured = new ToolCommand(await ExternalTool.FindAsync(Time, cancellationToken), arguments)
            {
                Variables = command.Variables,
                WorkingDirectory = command.WorkingDirectory,
                TimeLimit = TimeLimit,
            };
            var serverTime = await server.MeasureAsync(
                async () => (await ExternalTool.RunAsync(measured, cancellationToken)).EnsureSuccess(), cancellationToken);
            return Parse(await File.ReadAllTextAsync(figures, cancellationToken), serverTime.TotalSeconds);
        }
        finally
        {
            File.Delete(figures);
        }
    }

    private static Sample Parse(string text, double serverSeconds)
    {
        var figures = text.Trim().Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return new Sample(figures[0], figures[1] + figures[2], serverSeconds, (long)figures[3] * Kibibyte, OutputBytes: 0);
    }
}
