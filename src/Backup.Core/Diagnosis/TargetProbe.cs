using System.Security.Cryptography;
using Backup.Core.Errors;
using Backup.Core.Sinks;

namespace Backup.Core.Diagnosis;

/// <summary>One object that is written into a sink, read back and deleted. Its name is no backup's.</summary>
/// <remarks>One call at a time; a call that was left behind takes back by itself what it made.</remarks>
internal sealed class TargetProbe(IBackupSink sink, TargetFolder? folder, TimeProvider timeProvider)
{
    /// <summary>The most that is written.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private const int BlockBytes = 256 * 1024;
    private const int RandomDigits = 16;

    // On a slow line a few blocks have to do.
    private static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(3);

    // Nothing that a disk could pack.
    private readonly byte[] _block = RandomNumberGenerator.GetBytes(BlockBytes);
    private readonly string _name = $"diagnose-{RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true)}";

    /// <summary>The bytes that were written.</summary>
    public long Bytes { get; private set; }

    /// <summary>How long it took until they were durable.</summary>
    public TimeSpan WriteDuration { get; private set; }

    /// <summary>Writes the object and publishes it.</summary>
    /// <exception cref="SinkException">The sink refuses.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var startedAt = timeProvider.GetTimestamp();
            var writer = await sink.CreateAsync(_name, cancellationToken).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                long bytes = 0;
                do
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    await writer.WriteAsync(_block, cancellationToken).ConfigureAwait(false);
                    bytes += _block.Length;
                }
                while (bytes < MaxBytes && timeProvider.GetElapsedTime(startedAt) < WriteTime);

                await writer.CommitAsync(cancellationToken).ConfigureAwait(false);
                Bytes = bytes;
                WriteDuration = timeProvider.GetElapsedTime(startedAt);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        catch
        {
            // Whether it is visible is not known: the answer to the commit may have been lost.
            await TakeBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the object back.</summary>
    /// <returns>Whether it is what was written.</returns>
    /// <exception cref="SinkException">The sink refuses.</exception>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var stream = await sink.OpenReadAsync(_name, cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var read = new byte[BlockBytes];
        long bytes = 0;
        while (true)
        {
            var count = await stream.ReadAtLeastAsync(read, BlockBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return bytes == Bytes;
            }

            if (!read.AsSpan(0, count).SequenceEqual(_block))
            {
                return false;
            }

            bytes += count;
        }
    }

    /// <summary>Deletes the object.</summary>
    /// <returns>Whether the sink lists it no more.</returns>
    /// <exception cref="SinkException">The sink refuses.</exception>
    public async Task<bool> DeleteAsync(CancellationToken cancellationToken)
    {
        await sink.DeleteAsync(_name, cancellationToken).ConfigureAwait(false);
        await foreach (var item in sink.ListAsync(_name, cancellationToken).ConfigureAwait(false))
        {
            if (item.Name == _name)
            {
                return false;
            }
        }

        folder?.TakeBack();
        return true;
    }

    /// <summary>Deletes what may have been made; a sink that refuses that too has told why already.</summary>
    private async Task TakeBackAsync()
    {
        try
        {
            await sink.DeleteAsync(_name, CancellationToken.None).ConfigureAwait(false);
        }
        catch (SinkException)
        {
            // The write's own fault is the finding.
        }

        folder?.TakeBack();
    }
}
