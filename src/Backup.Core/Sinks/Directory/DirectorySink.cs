using System.Runtime.CompilerServices;
using Backup.Core.Hosting.Probes;

namespace Backup.Core.Sinks;

/// <summary>Keeps objects as files below a folder; a name's segments are folders.</summary>
/// <remarks>
/// <para>An object is written to a hidden file beside its place, <c>.name.random.partial</c>, made durable, and only then given
/// its name, without ever replacing another file. What a killed process leaves is such a partial file, which is no object.</para>
/// <para>The folder is created when the first object is. Files whose names are no object names, and folders that are links, are
/// not seen. All members may be called from several threads, and processes, at once.</para>
/// </remarks>
public sealed class DirectorySink : IBackupSink, IPartialFiles
{
    /// <summary>How much free space, in bytes, an object needs before it is begun: 1 MiB.</summary>
    public const long MinFreeBytes = 1024 * 1024;

    // Another caller may remove an empty folder between its creation and the file's.
    private const int CreateAttempts = 5;

    private readonly string _root;
    private readonly RootFolder _rootFolder;
    private readonly DirectoryFaults _faults;
    private readonly Lazy<SinkCapabilities> _capabilities;

    /// <summary>Creates a sink; the disk is not touched before the first call.</summary>
    /// <param name="path">The folder; a relative path is taken from the current directory, once, here.</param>
    /// <exception cref="ArgumentException">The path is empty or not valid on this system.</exception>
    public DirectorySink(string path)
        : this(path, DirectoryDurability.Sync)
    {
    }

    /// <summary>Creates a sink whose own folder is made durable in another way.</summary>
    internal DirectorySink(string path, Action<string> syncFolder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        _rootFolder = new RootFolder(_root, syncFolder);
        _faults = new DirectoryFaults(_root);
        _capabilities = new Lazy<SinkCapabilities>(FindCapabilities);
    }

    /// <inheritdoc/>
    public SinkCapabilities Capabilities => _capabilities.Value;

    /// <inheritdoc/>
    public ValueTask<SinkWriter> CreateAsync(string name, CancellationToken cancellationToken = default)
    {
        SinkObjectName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(name);
        if (File.Exists(path))
        {
            throw _faults.Exists(name);
        }

        var folder = Path.GetDirectoryName(path)!;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _rootFolder.Create();
                Directory.CreateDirectory(folder);
                _faults.ThrowIfFull(name, MinFreeBytes);
                return ValueTask.FromResult<SinkWriter>(new DirectorySinkWriter(name, path, _root, _faults));
            }
            catch (DirectoryNotFoundException) when (attempt < CreateAttempts)
            {
            }
            catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
            {
                throw _faults.Describe("create", name, exception);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(
        string name, long offset = 0, long? length = null, CancellationToken cancellationToken = default)
    {
        SinkObjectName.ThrowIfInvalid(name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0, nameof(length));
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            var handle = File.OpenHandle(
                PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
            return ValueTask.FromResult<Stream>(new DirectoryReadStream(handle, name, offset, length, _faults));
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            throw _faults.Describe("read", name, exception);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SinkObject> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        foreach (var item in new DirectoryListing(_root, _faults).Enumerate(prefix))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string name, CancellationToken cancellationToken = default)
    {
        SinkObjectName.ThrowIfInvalid(name);
        cancellationToken.ThrowIfCancellationRequested();
        var path = PathOf(name);
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                DirectoryDurability.Sync(Path.GetDirectoryName(path)!);
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Someone else deleted it, with its folder: it is gone, as asked.
        }
        catch (Exception exception) when (DirectoryFaults.IsOfMedium(exception))
        {
            throw _faults.Describe("delete", name, exception);
        }

        EmptyFolders.Remove(Path.GetDirectoryName(path)!, _root);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    void IPartialFiles.RemovePartials(string folder, Func<string, DateTimeOffset, bool> isOld)
    {
        SinkObjectName.ThrowIfInvalid(folder);
        PartialFiles.Remove(PathOf(folder), isOld);
    }

    private SinkCapabilities FindCapabilities()
    {
        var isInMemory = MemoryFileSystems.Hold(_root);
        return new SinkCapabilities { Location = _root, IsDurable = !isInMemory && !OperatingSystem.IsWindows(), IsInMemory = isInMemory };
    }

    private string PathOf(string name) => Path.Join(_root, name.Replace('/', Path.DirectorySeparatorChar));
}
