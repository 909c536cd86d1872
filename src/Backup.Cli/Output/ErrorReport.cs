using System.Text.RegularExpressions;
using Backup.Core.Errors;
using Microsoft.Extensions.Options;

namespace Backup.Cli.Output;

/// <summary>What went wrong, as people and scripts are told: one line, without a stack trace and without a secret.</summary>
internal sealed partial record ErrorReport(string Kind, string Message, int ExitCode)
{
    // The library names its settings; whoever sits at a command line knows the options.
    private static readonly (string Setting, string Option)[] OptionNames =
    [
        ("MemoryBudgetBytes", "--memory"),
        ("VolumeBytes", "--volume-size"),
        ("CompressionWorkers", "--jobs"),
        ("Connections", "--jobs"),
        ("Transfers", "--transfers"),
        ("Codec", "--codec"),
        ("Level", "--level"),
        ("MaxChain", "--max-chain"),
    ];

    /// <summary>The table, file or backup that it is about.</summary>
    public string? Subject { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Hint { get; init; }

    /// <summary>The server's SQLSTATE.</summary>
    public string? SqlState { get; init; }

    /// <summary>What kind of trouble it is; <see langword="null"/> for mistakes of whoever calls and of this program.</summary>
    public ErrorCategory? Category { get; init; }

    /// <summary>Whether the same command may succeed later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The report of a command line that is not valid.</summary>
    public static ErrorReport OfUsage(string message, string? hint) =>
        new("usage", OneLine(message), Cli.ExitCode.Usage) { Hint = hint is null ? null : OneLine(hint) };

    /// <summary>The report of a command that was cancelled.</summary>
    /// <param name="command">The command.</param>
    /// <param name="message">What the library says of it: one sentence, and one more where something stays that can be resumed.</param>
    public static ErrorReport OfCancellation(string command, string message)
    {
        var isCreate = command == "create";
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return new ErrorReport("cancelled", isCreate ? "Cancelled; no backup was made." : "Cancelled.", Cli.ExitCode.Cancelled)
        {
            Hint = isCreate && end >= 0 ? OneLine(OfCommandLine(message[(end + 2)..])) : null,
        };
    }

    /// <summary>The report of an exception.</summary>
    public static ErrorReport Of(Exception exception) => exception switch
    {
        UsageException usage => OfUsage(WithoutParameter(usage.Message), usage.Hint),
        OptionsValidationException options => OfUsage(InOptionNames(string.Join(" ", options.Failures)), null),
        BackupException fault => new ErrorReport(KindOf(fault), OneLine(OfCommandLine(fault.Message)), Cli.ExitCode.Failed)
        {
            Subject = fault.Subject,
            Hint = fault.Hint is { } hint ? OneLine(OfCommandLine(hint)) : null,
            SqlState = (fault as DatabaseException)?.SqlState,
            IsTransient = fault.IsTransient,
            Category = fault.Category,
        },
        OutputException output => new ErrorReport("output", OneLine(output.Message), Cli.ExitCode.Failed),
        _ => new ErrorReport(
            "unexpected", OneLine($"Unexpected {exception.GetType().Name}: {exception.Message}"), Cli.ExitCode.Failed)
        {
            Hint = "This is a fault of backup-core; please report it.",
        },
    };

    /// <summary>Message and hint as one line.</summary>
    public override string ToString() => Hint is null ? Message : $"{Message} {Hint}";

    /// <summary>Makes one line of a text, and takes out what could be a secret that someone put in the wrong place.</summary>
    public static string OneLine(string text)
    {
        var line = WhiteSpace().Replace(text.Trim(), " ");
        line = UriCredentials().Replace(line, "://***@");
        line = StorageKey().Replace(line, "***");
        return PasswordKeyword().Replace(line, "$1=***");
    }

    /// <summary>A message of the library in the words of the command line.</summary>
    public static string OfCommandLine(string message) =>
        message.Replace("ask for a clean restore", "give --clean", StringComparison.Ordinal)
            .Replace("restore its roles too", "give --with-roles", StringComparison.Ordinal)
            .Replace("skip owners and privileges", "give --skip-owners-and-privileges", StringComparison.Ordinal)
            .Replace("allow a restore without them", "give --allow-unsupported", StringComparison.Ordinal)
            .Replace("allow a backup without them (BackupRequest.AllowUnsupported)", "give --allow-unsupported", StringComparison.Ordinal)
            .Replace("(BackupRequest.Resume, or ", "(", StringComparison.Ordinal)
            .Replace("(MaxChain)", "(--max-chain)", StringComparison.Ordinal)
            .Replace("(Failures.Objects)", "(--max-failures)", StringComparison.Ordinal)
            .Replace("(Failures.Tables)", "(--max-failed-tables)", StringComparison.Ordinal);

    private static string KindOf(BackupException fault) => fault switch
    {
        DatabaseException => "database",
        ObjectStoreException => "objectStore",
        SinkException => "sink",
        BackupNotFoundException => "backupNotFound",
        UnsupportedFormatVersionException => "unsupportedFormatVersion",
        ArchiveFormatException => "archiveFormat",
        RestoreException => "restore",
        ResumeException => "resume",
        PruneException => "prune",
        ParentException => "parent",
        _ => "failed",
    };

    private static string InOptionNames(string message)
    {
        foreach (var (setting, option) in OptionNames)
        {
            message = message.Replace(setting, option, StringComparison.Ordinal);
        }

        return message;
    }

    private static string WithoutParameter(string message)
    {
        var suffix = message.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        return suffix < 0 ? message : message[..suffix];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"://\S*@")]
    private static partial Regex UriCredentials();

    // A token of three parts, of which the first is JSON in base64, or a key of the newer kind.
    [GeneratedRegex(@"\beyJ[\w-]*\.[\w-]+\.[\w-]*|\bsb_secret_[\w-]+")]
    private static partial Regex StorageKey();

    [GeneratedRegex(@"\b(password|pwd|passphrase)\s*=\s*('[^']*'|""[^""]*""|[^;\s'""]*)", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordKeyword();
}
