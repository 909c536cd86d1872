using Backup.TestKit.Tools;

namespace Backup.Core.Peers.Measuring;

/// <summary>A program with its settings, and how one run of it is set up.</summary>
/// <param name="Name">As the table names it.</param>
/// <param name="Command">Makes the command; it is given a folder to write into, empty but for what it is filled with.</param>
internal sealed record Contestant(string Name, Func<string, ToolCommand> Command)
{
    /// <summary>The line of the chart that it belongs to; <c>null</c> where it is a point of its own.</summary>
    public string? Series { get; init; }

    /// <summary>Its place in its series.</summary>
    public double? X { get; init; }

    /// <summary>Done before each run and not measured.</summary>
    public Func<CancellationToken, Task> PrepareAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Puts into the folder what the program finds there, before each run; neither measured nor counted as its output.</summary>
    public Func<string, CancellationToken, Task> FillAsync { get; init; } = (_, _) => Task.CompletedTask;
}
