using System.Security.Cryptography;
using Backup.Core.Archives;
using Backup.Core.Sinks;

namespace Backup.Core.Tests.Archives;

public sealed class SinkOutputTests
{
    [Fact]
    public async Task Write_SmallAndLargePieces_KeepsTheirOrderAndDigestsAll()
    {
        int[] sizes = [10, 300_000, 1, 1024 * 1024, 200_000, 200_000, 2_000_000, 100];
        var random = new Random(7);
        var pieces = Array.ConvertAll(sizes, size =>
        {
            var piece = new byte[size];
            random.NextBytes(piece);
            return piece;
        });
        byte[] expected = [.. pieces.SelectMany(piece => piece)];
        var sink = new InMemorySink();

        string sha256;
        await using (var output = await SinkOutput.CreateAsync(sink, "volume", CancellationToken.None))
        {
            foreach (var piece in pieces)
            {
                await output.WriteAsync(piece, CancellationToken.None);
                piece.AsSpan().Clear();
            }

            Assert.Equal(expected.Length, output.Position);
            sha256 = await output.CommitAsync(CancellationToken.None);
        }

        await using var stream = await sink.OpenReadAsync("volume");
        using var actual = new MemoryStream();
        await stream.CopyToAsync(actual);
        Assert.Equal(expected, actual.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(expected)), sha256);
    }
}
