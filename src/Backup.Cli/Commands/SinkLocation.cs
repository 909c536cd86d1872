using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Cli.Commands;

/// <summary>Turns the LOCATION of a command line into a sink.</summary>
internal static class SinkLocation
{
    /// <summary>The sink to write to; its folder is created when needed.</summary>
    /// <exception cref="UsageException">The text names no place that this tool knows.</exception>
    public static IBackupSink OpenForWriting(string location)
    {
        var scheme = location.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0)
        {
            throw new UsageException(
                $"The location begins with '{location[..scheme]}://', which this version does not know.", "Give a folder.");
        }

        try
        {
            return new DirectorySink(location);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"'{location}' is no folder's name.", "Give a folder.", exception);
        }
    }

    /// <summary>The sink to read from, which must be there: a misspelt folder is not an empty one.</summary>
    /// <exception cref="UsageException">The text names no place that this tool knows.</exception>
    /// <exception cref="SinkException">There is no such folder.</exception>
    public static IBackupSink OpenForReading(string location)
    {
        var sink = OpenForWriting(location);
        var path = sink.Capabilities.Location;
        if (Directory.Exists(path))
        {
            return sink;
        }

        throw new SinkException(File.Exists(path) ? $"'{path}' is a file, not a folder." : $"There is no folder '{path}'.")
        {
            Subject = path,
            IsNotFound = true,
            Hint = "Check --from.",
        };
    }
}
