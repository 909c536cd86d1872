using System.CommandLine;
using System.Globalization;
using Backup.Cli.Output;
using Backup.Core.Pipeline;
using Backup.Core.Postgres;

namespace Backup.Cli.Commands;

/// <summary>The options and arguments that several commands share, and how their values are read.</summary>
internal static class CommonOptions
{
    /// <summary>The name of the option that asks for one JSON document.</summary>
    public const string JsonName = "--json";

    /// <summary>The environment variable that holds the connection string, so that no process list shows it.</summary>
    public const string DatabaseVariable = "BACKUP_DATABASE";

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new(JsonName)
    {
        Description = "Print one JSON document on stdout and nothing else there.",
    };

    /// <summary><c>--database CONN</c>.</summary>
    public static Option<string?> Database() => new("--database")
    {
        Description = $"The database: an Npgsql connection string or a postgres:// URI. Default: ${DatabaseVariable}.",
        HelpName = "CONN",
    };

    /// <summary><c>--from LOCATION</c> or <c>--to LOCATION</c>.</summary>
    public static Option<string> Location(string name) => new(name)
    {
        Description = "Where the backups are kept: a folder.",
        HelpName = "LOCATION",
        Required = true,
    };

    /// <summary><c>--to LOCATION</c> of a command that has something to do without it.</summary>
    public static Option<string?> OptionalLocation(string name) => new(name)
    {
        Description = "Where backups are to be kept: a folder.",
        HelpName = "LOCATION",
    };

    /// <summary>The backup that a command is about.</summary>
    public static Argument<string> Backup() => new("ID")
    {
        Description = "The backup's id, or 'latest'.",
    };

    /// <summary><c>--jobs N</c>.</summary>
    public static Option<int?> Jobs(string description) => new("--jobs") { Description = description, HelpName = "N" };

    /// <summary><c>--profile NAME</c>.</summary>
    public static Option<BackupProfile> Profile()
    {
        string[] names = [.. Enum.GetNames<BackupProfile>().Select(name => name.ToLowerInvariant())];
        var option = new Option<BackupProfile>("--profile")
        {
            Description = "How much of the host is used: constrained, default or high. Default: automatic, by its memory and processors.",
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                if (names.Contains(result.Tokens[0].Value, StringComparer.Ordinal))
                {
                    return Enum.Parse<BackupProfile>(result.Tokens[0].Value, ignoreCase: true);
                }

                result.AddError($"'{result.Tokens[0].Value}' is no profile: give {string.Join(", ", names)}.");
                return BackupProfile.Automatic;
            },
        };
        return option;
    }

    /// <summary><c>--preset NAME</c>.</summary>
    public static Option<DatabasePreset> Preset(string description) => new("--preset")
    {
        Description = description,
        HelpName = "supabase",
        CustomParser = result =>
        {
            if (result.Tokens[0].Value == "supabase")
            {
                return DatabasePreset.Supabase;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no preset: --preset takes supabase.");
            return DatabasePreset.None;
        },
    };

    /// <summary>An option that may be given several times.</summary>
    public static Option<string[]> Patterns(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => [],
    };

    /// <summary>An option whose value is a size such as <c>128MiB</c>.</summary>
    public static Option<long?> Size(string name, string example, string description) => new(name)
    {
        Description = description,
        HelpName = example,
        CustomParser = result =>
        {
            if (ByteSize.TryParse(result.Tokens[0].Value, out var bytes))
            {
                return bytes;
            }

            result.AddError($"'{result.Tokens[0].Value}' is no size for {name}: write it like {example}, 1.5GiB or 1048576.");
            return null;
        },
    };

    /// <summary>An option whose value is how much may fail: a number such as <c>10</c>, or a part such as <c>0.5%</c>.</summary>
    public static Option<FailureLimit?> Limit(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N|P%",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (text.EndsWith('%')
                && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
                && percent <= 100)
            {
                return FailureLimit.AtMostShare(percent / 100);
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= FailureLimit.MaxNamed)
            {
                return FailureLimit.AtMost(count);
            }

            result.AddError($"'{text}' is no limit for {name}: write a number up to {FailureLimit.MaxNamed}, or a part such as 1%.");
            return null;
        },
    };

    /// <summary>The connection string of the option or, without it, of the environment; <see langword="null"/> when there is none.</summary>
    /// <param name="connectionString">The option's value.</param>
    public static string? DatabaseText(string? connectionString) => connectionString ?? Environment.GetEnvironmentVariable(DatabaseVariable);

    /// <summary>Makes the database of the option or, without it, of the environment.</summary>
    /// <param name="connectionString">The option's value.</param>
    /// <param name="isOptional">Whether the command has something to do without a database.</param>
    /// <returns>The database; <see langword="null"/> when none is given and none is needed.</returns>
    /// <exception cref="UsageException">There is none, or its text cannot be used.</exception>
    public static PostgresSource? OpenDatabase(string? connectionString, bool isOptional)
    {
        connectionString = DatabaseText(connectionString);
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return isOptional
                ? null
                : throw new UsageException("No database is given.", $"Give --database, or set {DatabaseVariable}; --storage alone is for files.");
        }

        try
        {
            return PostgresSource.FromConnectionString(connectionString);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(
                exception.Message, "Write it like 'Host=…;Username=…;Password=…;Database=…' or postgres://user:password@host/db.", exception);
        }
    }

    /// <summary>Refuses options that say something about a database when there is none: they would have no effect.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="options">Those options.</param>
    /// <exception cref="UsageException">One of them is given.</exception>
    public static void RefuseWithoutDatabase(ParseResult line, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            if (line.GetResult(option) is { Implicit: false })
            {
                throw new UsageException($"{option.Name} is for a database, and none is given.", $"Give --database, or set {DatabaseVariable}.");
            }
        }
    }

    /// <summary>Makes a selection of tables.</summary>
    /// <exception cref="UsageException">A pattern is not well formed.</exception>
    public static TableSelection Select(
        string[] includeTables, string[]? excludeTables = null, string[]? includeSchemas = null, string[]? excludeSchemas = null)
    {
        try
        {
            return new TableSelection
            {
                IncludeSchemas = includeSchemas ?? [],
                ExcludeSchemas = excludeSchemas ?? [],
                IncludeTables = includeTables,
                ExcludeTables = excludeTables ?? [],
            };
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message, innerException: exception);
        }
    }
}
