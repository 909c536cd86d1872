using Backup.Core.Postgres.Wire;
using Npgsql;
using static Backup.Core.Tests.Postgres.Wire.MessageReaderTests;

namespace Backup.Core.Tests.Postgres.Wire;

/// <summary>Several COPYs in one message.</summary>
public sealed class ManyCopiesTests
{
    private static readonly byte[] CopyOut = Message('H', [0, 0, 1, 0, 0]);
    private static readonly byte[] CopyEnd = [.. Message('c', []), .. ScriptedServer.Complete];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task OpenNextCopyAsync_SeveralSent_GivesEachItsRows(int bufferBytes)
    {
        byte[] answer =
        [
            .. ScriptedServer.Complete, .. ScriptedServer.Complete,
            .. CopyOut, .. Message('d', "1\n"u8), .. CopyEnd,
            .. CopyOut, .. CopyEnd,
            .. CopyOut, .. Message('d', "3\n"u8), .. Message('d', "4\n"u8), .. CopyEnd,
            .. ScriptedServer.Ready,
        ];
        await using var server = new ScriptedServer(ScriptedServer.Welcome, answer, [.. ScriptedServer.Complete, .. ScriptedServer.Ready]);
        await using var connection = await WireConnection.OpenAsync(server.Target(), 1, default);

        await connection.OpenCopiesAsync("SAVEPOINT a;LOCK TABLE t", ["COPY", "COPY", "COPY"], default);
        var first = await ReadToEndAsync(connection, bufferBytes);
        await connection.OpenNextCopyAsync(default);
        var second = await ReadToEndAsync(connection, bufferBytes);
        await connection.OpenNextCopyAsync(default);
        var third = await ReadToEndAsync(connection, bufferBytes);

        Assert.Equal(("1\n", "", "3\n4\n"), (first, second, third));
        await connection.ExecuteAsync("SELECT", default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => connection.OpenNextCopyAsync(default));
    }

    [Fact]
    public async Task ReadCopyAsync_CallerOnTheConnectionsThread_StaysThereFromCopyToCopy()
    {
        // More than is ever received at once.
        byte[] copy = [.. CopyOut, .. Enumerable.Repeat(Message('d', new byte[1000]), 300).SelectMany(row => row), .. CopyEnd];
        await using var server = new ScriptedServer(
            ScriptedServer.Welcome, [.. copy, .. copy, .. ScriptedServer.Ready], [.. ScriptedServer.Complete, .. ScriptedServer.Ready]);
        await using var connection = await WireConnection.OpenAsync(server.Target(), 7, default);
        await connection.OpenCopiesAsync("", ["COPY", "COPY"], default);
        var threads = new List<string?>();
        var buffer = new byte[10_000];

        for (var number = 0; number < 2; number++)
        {
            if (number > 0)
            {
                await connection.OpenNextCopyAsync(default);
                threads.Add(Thread.CurrentThread.Name);
            }

            while (await connection.ReadCopyAsync(buffer, default) > 0)
            {
                threads.Add(Thread.CurrentThread.Name);
            }

            await connection.CloseCopyAsync();
        }

        // A read that has ended before it is awaited leaves its caller where it was; the next one takes it along.
        Assert.All(threads.SkipWhile(thread => thread != "backup-core reader 7"), thread => Assert.Equal("backup-core reader 7", thread));
        await connection.ExecuteAsync("SELECT", default);
        Assert.NotEqual("backup-core reader 7", Thread.CurrentThread.Name);
    }

    [Fact]
    public async Task OpenNextCopyAsync_ServerRefusesIt_IsTheServersFaultAndEndsAll()
    {
        byte[] answer = [.. CopyOut, .. Message('d', "1\n"u8), .. CopyEnd, .. ScriptedServer.Error("42501"), .. ScriptedServer.Ready];
        await using var server = new ScriptedServer(ScriptedServer.Welcome, answer, [.. ScriptedServer.Complete, .. ScriptedServer.Ready]);
        await using var connection = await WireConnection.OpenAsync(server.Target(), 1, default);
        await connection.OpenCopiesAsync("", ["COPY", "COPY", "COPY"], default);
        await ReadToEndAsync(connection, bufferBytes: 100);

        var fault = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenNextCopyAsync(default));

        Assert.Equal("42501", fault.SqlState);
        await connection.GiveUpCopiesAsync();
        await connection.ExecuteAsync("ROLLBACK TO SAVEPOINT a", default);
        Assert.True(connection.IsOpen);
    }

    public static TheoryData<byte[]> SecondAnswers =>
    [
        [],
        CopyOut,
        [.. CopyOut, .. Message('d', "1\n"u8), .. ScriptedServer.Ready],
        ScriptedServer.Ready,
        [.. ScriptedServer.Complete, .. CopyOut, .. CopyEnd, .. ScriptedServer.Ready],
        [.. CopyOut, .. CopyEnd, .. CopyOut, .. CopyEnd, .. ScriptedServer.Ready],
        Message('d', "1\n"u8),
    ];

    [Theory]
    [MemberData(nameof(SecondAnswers))]
    public async Task OpenNextCopyAsync_HostileAnswer_IsNeverAnEnd(byte[] second)
    {
        byte[] answer = [.. CopyOut, .. CopyEnd, .. second];
        await using var server = new ScriptedServer(ScriptedServer.Welcome, answer);
        await using var connection = await WireConnection.OpenAsync(server.Target(), 1, default);
        await connection.OpenCopiesAsync("", ["COPY", "COPY"], default);
        await ReadToEndAsync(connection, bufferBytes: 100);

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await connection.OpenNextCopyAsync(default);
            await ReadToEndAsync(connection, bufferBytes: 100);
        });

        Assert.False(connection.IsOpen);
    }

    private static async Task<string> ReadToEndAsync(WireConnection connection, int bufferBytes)
    {
        var rows = new MemoryStream();
        var buffer = new byte[bufferBytes];
        for (int count; (count = await connection.ReadCopyAsync(buffer, default)) > 0;)
            rows.Write(buffer, 0, count);
        Assert.True(await connection.CloseCopyAsync());
        return System.Text.Encoding.UTF8.GetString(rows.ToArray());
    }
}
