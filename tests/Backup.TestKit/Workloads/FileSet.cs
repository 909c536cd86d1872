using System.Globalization;

namespace Backup.TestKit.Workloads;

/// <summary>
/// Files such as applications keep: texts that pack three to one, and one in three that is packed already, as pictures are.
/// </summary>
public static class FileSet
{
    private const int FilesPerFolder = 500;
    private const int Piece = 1024 * 1024;

    /// <summary>Makes many small files: from 1 KB to 64 KB, 33 KB on average.</summary>
    /// <returns>The size of all of them.</returns>
    public static async Task<long> CreateSmallAsync(string folder, int files, CancellationToken cancellationToken = default)
    {
        var random = new RepeatableRandom(41);
        var total = 0L;
        for (var number = 0; number < files; number++)
        {
            var bytes = 1024 + random.Next(63 * 1024);
            total += bytes;
            await WriteAsync(PathOf(folder, number), number, bytes, IsPacked(number), cancellationToken);
        }

        return total;
    }

    /// <summary>Makes a few large files of one size.</summary>
    /// <returns>The size of all of them.</returns>
    public static async Task<long> CreateLargeAsync(string folder, int files, int bytes, CancellationToken cancellationToken = default)
    {
        for (var number = 0; number < files; number++)
        {
            await WriteAsync(PathOf(folder, number), number, bytes, IsPacked(number), cancellationToken);
        }

        return (long)files * bytes;
    }

    /// <summary>What the file of a number holds.</summary>
    public static byte[] Make(int number, int bytes) => Make(number, bytes, IsPacked(number));

    /// <summary>Whether the file of a number is one that no codec can pack.</summary>
    public static bool IsPacked(int number) => number % 3 == 2;

    /// <summary>The name of a file, with its folder: <c>000/000017.txt</c>.</summary>
    public static string NameOf(int number) => string.Create(
        CultureInfo.InvariantCulture, $"{number / FilesPerFolder:D3}/{number:D6}.{(IsPacked(number) ? "jpg" : "txt")}");

    private static string PathOf(string folder, int number) => Path.Combine(folder, NameOf(number));

    private static byte[] Make(int number, int bytes, bool isPacked)
    {
        if (!isPacked)
        {
            return Prose.Make((ulong)number, bytes);
        }

        var content = new byte[bytes];
        new RepeatableRandom((ulong)number).Fill(content);
        return content;
    }

    private static async Task WriteAsync(string path, int number, int bytes, bool isPacked, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = File.Create(path);
        for (var at = 0; at < bytes; at += Piece)
        {
            // Each piece has a seed of its own, so that a large file is made without holding it.
            await file.WriteAsync(Make(number + (at / Piece * 1_000_003), Math.Min(Piece, bytes - at), isPacked), cancellationToken);
        }
    }
}
