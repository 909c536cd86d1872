using System.Text.Json.Serialization;

namespace Backup.Cli.Documents;

/// <summary>What every document of <c>--json</c> begins with. docs/cli.md is the specification; members are only ever added.</summary>
internal abstract record CommandDocument
{
    /// <summary>The command.</summary>
    [JsonPropertyOrder(-3)]
    public required string Command { get; init; }

    /// <summary>How it ended; see <see cref="DocumentStatus"/>.</summary>
    [JsonPropertyOrder(-2)]
    public required string Status { get; init; }

    /// <summary>The process's exit code.</summary>
    [JsonPropertyOrder(-1)]
    public required int ExitCode { get; init; }
}
