namespace Backup.TestKit.Tools;

/// <summary>One run of an external program.</summary>
/// <param name="Name">Program name, or the full path of one.</param>
/// <param name="Arguments">Arguments, passed on as they are: no shell reads them.</param>
public sealed record ToolCommand(string Name, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables added to the environment of this process; <c>null</c> removes one.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>Text for standard input, which is closed after it.</summary>
    public string StandardInput { get; init; } = "";

    /// <summary>Folder to run in; <c>null</c> is the current one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>After this time the program and its children are killed and the run fails.</summary>
    /// <value>Two minutes.</value>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    public override string ToString() => $"{Name} {string.Join(' ', Arguments)}";
}
