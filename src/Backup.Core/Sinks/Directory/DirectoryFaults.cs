using Backup.Core.Errors;
using Backup.Core.Hosting;

namespace Backup.Core.Sinks;

/// <summary>Says what went wrong with a folder, and what to do about it.</summary>
internal sealed class DirectoryFaults(string root)
{
    // IOException.HResult is the errno on Unix, and 0x8007 followed by the Win32 error on Windows.
    private const int FileTooLarge = 27; // EFBIG
    private const int NoSpace = 28; // ENOSPC
    private const int ReadOnlyFileSystem = 30; // EROFS
    private const int QuotaMac = 69; // EDQUOT
    private const int QuotaLinux = 122; // EDQUOT
    private const int WindowsWriteProtect = unchecked((int)0x80070013);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether an exception is a failure of the medium, as against a mistake in the code or a cancellation.</summary>
    public static bool IsOfMedium(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The exception for an object whose name is taken.</summary>
    public SinkException Exists(string name) =>
        new($"'{name}' exists already in '{root}'; objects are never overwritten.")
        {
            Subject = name,
            IsAlreadyExists = true,
        };

    /// <summary>Throws when the disk has less room than an object needs to be begun.</summary>
    public void ThrowIfFull(string name, long neededBytes)
    {
        if (DiskSpace.Of(root) is { FreeBytes: var free } && free < neededBytes)
        {
            throw Full(name, null);
        }
    }

    /// <summary>Turns a failure of the medium into the sink's own exception.</summary>
    /// <param name="action">What was being done, as a verb: create, write, read, list, delete.</param>
    /// <param name="name">The object's name; empty for the folder itself.</param>
    /// <param name="cause">The failure.</param>
    public SinkException Describe(string action, string name, Exception cause)
    {
        var subject = name.Length == 0 ? root : name;
        var what = name.Length == 0 ? $"Cannot {action} '{root}'" : $"Cannot {action} '{name}' in '{root}'";
        if (FindFileInTheWay() is { } file)
        {
            return new SinkException($"{what}: '{file}' is a file, not a folder.", cause)
            {
                Subject = subject,
                Category = ErrorCategory.Refused,
                Hint = "Name a folder, or a place where one can be created.",
            };
        }

        return cause switch
        {
            IOException { HResult: NoSpace or QuotaLinux or QuotaMac or WindowsDiskFull or WindowsHandleDiskFull } =>
                Full(subject, cause),
            IOException { HResult: ReadOnlyFileSystem or WindowsWriteProtect } =>
                new SinkException($"{what}: the file system is read-only.", cause)
                {
                    Subject = subject,
                    Category = ErrorCategory.Rights,
                    Hint = "Mount it writable, or choose another folder.",
                },
            IOException { HResult: FileTooLarge } =>
                new SinkException($"{what}: the file is larger than this file system allows.", cause)
                {
                    Subject = subject,
                    Category = ErrorCategory.Refused,
                    Hint = "Set a smaller volume size.",
                },
            UnauthorizedAccessException =>
                new SinkException($"{what}: this user has no right to.", cause)
                {
                    Subject = subject,
                    Category = ErrorCategory.Rights,
                    Hint = $"Give '{Environment.UserName}' read and write access to '{root}', or choose another folder.",
                },
            FileNotFoundException or DirectoryNotFoundException when action is "create" or "write" =>
                new SinkException($"{what}: the folder cannot be made or is gone.", cause)
                {
                    Subject = subject,
                    Category = ErrorCategory.NotFound,
                    Hint = "Name a folder, or a place where one can be created.",
                },
            FileNotFoundException or DirectoryNotFoundException =>
                new SinkException($"There is no '{subject}' in '{root}'.", cause)
                {
                    Subject = subject,
                    IsNotFound = true,
                },
            _ => new SinkException($"{what}: {cause.Message}", cause) { Subject = subject },
        };
    }

    /// <summary>The file that stands where the folder, or one above it, should be; none as a rule.</summary>
    public string? FindFileInTheWay()
    {
        for (var path = root; path is not null; path = Path.GetDirectoryName(path))
        {
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private SinkException Full(string subject, Exception? cause)
    {
        var space = DiskSpace.Of(root) is { } known ? $" ({known.FreeBytes} of {known.TotalBytes} bytes are free)" : string.Empty;
        return new SinkException($"The disk of '{root}' is full{space}: '{subject}' cannot be written.", cause)
        {
            Subject = subject,
            IsTransient = true,
            Category = ErrorCategory.Space,
            Hint = "Free space there, or choose a folder on another disk.",
        };
    }
}
