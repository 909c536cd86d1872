using System.CommandLine;
using System.CommandLine.Parsing;
using Backup.Core.ObjectStores;
using Backup.Core.ObjectStores.SupabaseStorage;
using Microsoft.Extensions.Options;

namespace Backup.Cli.Commands;

/// <summary>The options that name an object store and what of it takes part: the same ones for every command that touches files.</summary>
internal sealed class StorageOptions
{
    /// <summary>The environment variable that holds the key, so that no process list shows it.</summary>
    public const string KeyVariable = "BACKUP_STORAGE_KEY";

    private readonly Option<string?> _storage = new("--storage")
    {
        Description = "The Storage of the project, such as https://ref.supabase.co, or a folder whose folders are buckets.",
        HelpName = "URL|FOLDER",
    };

    private readonly Option<string?> _key = new("--storage-key")
    {
        Description = $"The project's service key. Default: ${KeyVariable}.",
        HelpName = "KEY",
    };

    private readonly Option<string[]> _buckets =
        CommonOptions.Patterns("--buckets", "B", "Take this bucket and no others; * and ? are wildcards. May be repeated.");

    private readonly Option<string?> _prefix = new("--prefix")
    {
        Description = "Take only objects whose names begin so.",
        HelpName = "P",
    };

    private readonly Option<int?> _transfers;

    /// <summary>Creates the options.</summary>
    /// <param name="transfersDescription">What <c>--transfers</c> counts.</param>
    public StorageOptions(string transfersDescription) =>
        _transfers = new Option<int?>("--transfers") { Description = transfersDescription, HelpName = "N" };

    /// <summary>Adds the options to a command, and the rule that those of files need a store.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _storage, _key, _buckets, _prefix, _transfers })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            var isAnyGiven = result.GetResult(_key) is { Implicit: false } || result.GetResult(_buckets) is { Implicit: false }
                || result.GetResult(_prefix) is { Implicit: false } || result.GetResult(_transfers) is { Implicit: false };
            if (!IsGiven(result) && isAnyGiven)
            {
                result.AddError("--storage-key, --buckets, --prefix and --transfers need --storage.");
            }
        });
    }

    /// <summary>Whether a store is given.</summary>
    public bool IsGiven(CommandResult line) => !string.IsNullOrEmpty(line.GetValue(_storage));

    /// <summary>How many transfers run at once; <see langword="null"/> for the default.</summary>
    public int? Transfers(ParseResult line) => line.GetValue(_transfers);

    /// <summary>The address or folder of the store; <see langword="null"/> when none is given.</summary>
    public string? Location(ParseResult line) => line.GetValue(_storage) is { Length: > 0 } location ? location : null;

    /// <summary>The key, from the option or the environment; <see langword="null"/> when there is none.</summary>
    public string? Key(ParseResult line) => line.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable);

    /// <summary>Which buckets and objects take part.</summary>
    public ObjectSelection Select(ParseResult line) => new()
    {
        Buckets = line.GetValue(_buckets) ?? [],
        Prefix = line.GetValue(_prefix) ?? string.Empty,
    };

    /// <summary>Opens the store.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="isSource">Whether it is read from: a folder must then exist, for one that does not would be taken for an empty Storage.</param>
    /// <param name="configure">Changes how patient the store is; <see langword="null"/> for the defaults.</param>
    /// <returns>The store, which the caller disposes when it can be; <see langword="null"/> without <c>--storage</c>.</returns>
    /// <exception cref="UsageException">The address or the key cannot be used.</exception>
    public IObjectStore? Open(ParseResult line, bool isSource, Action<SupabaseStorageOptions>? configure = null)
    {
        if (line.GetValue(_storage) is not { Length: > 0 } location)
        {
            return null;
        }

        if (!location.Contains("://", StringComparison.Ordinal))
        {
            ThrowUnlessFolder(location, isSource);
            return line.GetResult(_key) is { Implicit: false }
                ? throw new UsageException("--storage-key is for an address, and --storage names a folder.", $"Did you mean https://{location}?")
                : OpenFolder(location);
        }

        if (!Uri.TryCreate(location, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new UsageException($"'{location}' is no address of a Storage.", "Write it like https://ref.supabase.co, or give a folder.");
        }

        var key = Key(line);
        if (string.IsNullOrWhiteSpace(key))
        {
            throw new UsageException("No key for the Storage is given.", $"Give --storage-key, or set {KeyVariable}.");
        }

        try
        {
            var options = new SupabaseStorageOptions { Url = url, Key = key };
            configure?.Invoke(options);
            return new SupabaseStorageStore(options);
        }
        catch (OptionsValidationException exception)
        {
            throw new UsageException(string.Join(" ", exception.Failures), innerException: exception);
        }
    }

    /// <summary>Settings of a store that is only tried: one retry, and an answer or the reason why there is none within seconds.</summary>
    public static void Impatient(SupabaseStorageOptions options)
    {
        options.MaxRetries = 1;
        options.AttemptTimeout = TimeSpan.FromSeconds(8);
    }

    // An address without https:// must not become a folder that is filled, or backed up, in its place.
    private static void ThrowUnlessFolder(string location, bool isSource)
    {
        if (Directory.Exists(location))
        {
            return;
        }

        var first = location.Split('/', '\\')[0];
        if (!Path.IsPathRooted(location) && first is not ("." or "..") && first.AsSpan().ContainsAny('.', ':'))
        {
            throw new UsageException(
                $"'{location}' is neither an address nor a folder that exists.", $"Write https://{location}, or ./{location} for a new folder.");
        }

        if (isSource)
        {
            throw new UsageException($"There is no folder '{location}'.", "Give an address like https://ref.supabase.co, or a folder whose folders are buckets.");
        }
    }

    private static DirectoryObjectStore OpenFolder(string path)
    {
        try
        {
            return new DirectoryObjectStore(path);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"'{path}' is no folder's name.", "Give an address like https://ref.supabase.co, or a folder.", exception);
        }
    }
}
