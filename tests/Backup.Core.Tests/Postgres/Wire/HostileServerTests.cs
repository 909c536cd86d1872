using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Wire;
using Backup.Core.Tests.Pipeline.Fakes;
using Npgsql;
using static Backup.Core.Tests.Postgres.Wire.MessageReaderTests;

namespace Backup.Core.Tests.Postgres.Wire;

/// <summary>Allocations are counted for the whole process, so these tests run while no others do.</summary>
[CollectionDefinition(nameof(HostileServerTests), DisableParallelization = true)]
public sealed class HostileServerTestsAlone;

/// <summary>Servers that lie, break off or say nothing.</summary>
[Collection(nameof(HostileServerTests))]
public sealed class HostileServerTests
{
    private static readonly TimeSpan Brief = TimeSpan.FromMilliseconds(200);
    private static readonly WireLimits BriefLimits = new() { Stop = Brief, CleanUp = Brief, Silence = Brief };

    private static readonly TablePage Page = new(
        new TableInfo { Oid = 1, Name = new QualifiedName("public", "t"), Columns = ["a"], HeapBlocks = 0, TotalBytes = 0, SupportsCtidRanges = true }, 1, null, null);

    private static readonly byte[] CopyOut = Message('H', [0, 0, 1, 0, 0]);
    private static readonly byte[] Done = [.. Message('c', []), .. ScriptedServer.Complete, .. ScriptedServer.Ready];

    public static TheoryData<byte[]> Greetings =>
    [
        [],
        [0],
        "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(),
        Message('R', []),
        Message('R', [0, 0]),
        Message('R', [0, 0, 0, 5, 1]),
        Message('R', [0, 0, 0, 11, 1]),
        Message('R', [0, 0, 0, 12, 1]),
        [.. Message('R', [0, 0, 0, 3]), .. Message('R', [0, 0, 0, 3])],
        Message('Z', [0]),
        Message('T', [0, 0]),
        [.. Message('R', [0, 0, 0, 0]), .. Message('d', [1])],
        Claiming('R', int.MaxValue),
        Claiming('R', -1),
        Claiming('R', 2),
        ScriptedServer.Error("28P01", "FATAL"),
    ];

    public static TheoryData<byte[]> Rows =>
    [
        [],
        [0, 0, 0, 0, 0],
        "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(),
        [.. CopyOut, .. Message('d', "1\n"u8)],
        [.. CopyOut, .. Message('d', "1\n"u8)[..^1]],
        [.. CopyOut, .. Message('d', "1\n"u8), .. ScriptedServer.Ready],
        [.. CopyOut, .. Message('d', "1\n"u8), .. ScriptedServer.Complete, .. ScriptedServer.Ready],
        [.. CopyOut, .. Message('c', []), .. Message('d', "1\n"u8), .. ScriptedServer.Complete, .. ScriptedServer.Ready],
        [.. CopyOut, .. Message('c', []), .. Message('c', []), .. ScriptedServer.Complete, .. ScriptedServer.Ready],
        [.. CopyOut, .. Message('c', []), .. ScriptedServer.Ready],
        [.. CopyOut, .. Message('D', [0, 0])],
        [.. CopyOut, .. CopyOut],
        [.. CopyOut, .. Claiming('d', -5)],
        [.. CopyOut, .. Claiming('d', 3)],
        [.. CopyOut, .. Claiming('d', int.MaxValue)],
        [.. CopyOut, .. Claiming('E', int.MaxValue)],
        [.. CopyOut, .. Claiming('Q', int.MaxValue)],
        [.. CopyOut, .. ScriptedServer.Error("XX001")],
        [.. CopyOut, .. ScriptedServer.Error("57P01", "FATAL")],
        [.. ScriptedServer.Complete, .. ScriptedServer.Ready],
        Message('G', [0, 0, 0]),
        [.. ScriptedServer.Error("42501"), .. CopyOut],
    ];

    [Theory]
    [MemberData(nameof(Greetings))]
    public async Task OpenAsync_HostileGreeting_IsAFaultOfTheDatabase(byte[] greeting)
    {
        // Only a server that seems to ask for something is spoken to again.
        await using var server = new ScriptedServer(greeting is [(byte)'R', ..] ? [greeting, greeting, []] : [greeting]);

        var fault = await Record.ExceptionAsync(() => WireConnection.OpenAsync(server.Target(), 1, default));

        Assert.NotNull(fault);
        Assert.True(DatabaseFault.IsFromDriver(fault), fault.ToString());
        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        await server.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Read_HostileRows_IsAFaultThatNamesTheTableAndNeverAnEnd(byte[] rows)
    {
        await using var server = new ScriptedServer(ScriptedServer.Welcome, [.. ScriptedServer.Complete, .. rows]);
        await using var connection = new SnapshotConnection(
            await WireConnection.OpenAsync(server.Target(BriefLimits), 1, default), "UTF8", holdsLocks: true);
        var before = GC.GetTotalAllocatedBytes();

        var fault = await Assert.ThrowsAsync<DatabaseException>(async () =>
        {
            var buffer = new byte[1024];
            await connection.TryOpenAsync(Page, default);
            while (await connection.ReadAsync(buffer, default) > 0)
            {
            }
        });

        Assert.StartsWith("Reading public.t failed: ", fault.Message, StringComparison.Ordinal);
        Assert.Equal("public.t", fault.Subject);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 * 1024 * 1024);
        await connection.CloseAsync();
        Assert.False(connection.IsUsable);
    }

    [Fact]
    public async Task Read_NoticesAndReportsAmidRows_ArePassedOver()
    {
        var chatter = new byte[][] { Message('N', new byte[300_000]), Message('S', "TimeZone\0UTC\0"u8), Message('A', [0, 0, 0, 1, 0, 0]) };
        byte[] rows =
        [
            .. chatter[0], .. CopyOut, .. Message('d', "1\n"u8), .. chatter.SelectMany(m => m), .. Message('d', "2\n"u8), .. chatter[1], .. Done,
        ];
        await using var server = new ScriptedServer(ScriptedServer.Welcome, rows);
        await using var connection = await WireConnection.OpenAsync(server.Target(BriefLimits), 1, default);
        var buffer = new byte[100];

        await connection.OpenCopiesAsync("", ["COPY"], default);

        Assert.Equal(4, await connection.ReadCopyAsync(buffer, default));
        Assert.Equal(0, await connection.ReadCopyAsync(buffer, default));
        Assert.True(await connection.CloseCopyAsync());
    }

    [Fact]
    public async Task OpenAsync_AuthenticationThatIsNotCovered_IsToldApart()
    {
        await using var server = new ScriptedServer(Message('R', [0, 0, 0, 7]));

        await Assert.ThrowsAsync<UncoveredAuthenticationException>(() => WireConnection.OpenAsync(server.Target(), 1, default));
    }

    public static TheoryData<byte[]> LeftToNpgsql =>
        [Message('R', [0, 0, 0, 7]), ScriptedServer.Error("28000", "FATAL"), ScriptedServer.Error("28P01", "FATAL"), Message('?', [0])];

    [Theory]
    [MemberData(nameof(LeftToNpgsql))]
    public async Task DataConnections_ServerThatDoesNotGetOnWithThisWay_GoOverNpgsqlAndSaySoOnce(byte[] greeting)
    {
        await using var server = new ScriptedServer(greeting);
        await using var source = PostgresSource.FromConnectionString(
            $"Host=127.0.0.1;Port={server.Port};Username=me;Database=app;SSL Mode=Disable;Timeout=1");
        var logger = new RecordingLogger();
        var options = new SnapshotOptions { Connections = 2 };
        var connections = new DataConnections(source, options, source.JudgeWire(options), logger);

        // The server answers one connection only, so the driver waits in vain on its own.
        for (var number = 1; number <= 2; number++)
        {
            var fault = await Assert.ThrowsAsync<DatabaseException>(() => connections.OpenAsync(number, default));
            Assert.Contains("NpgsqlConnector", fault.InnerException!.StackTrace, StringComparison.Ordinal);
        }

        Assert.StartsWith("Rows are read through Npgsql: ", Assert.Single(logger.Texts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslMode.Disable)]
    [InlineData(SslMode.Prefer)]
    public async Task OpenAsync_SilentServer_EndsInTimeAndLeavesNothing(SslMode sslMode)
    {
        await using var server = new ScriptedServer([null]);

        await Assert.ThrowsAsync<TimeoutException>(
            () => WireConnection.OpenAsync(server.Target(connectTimeout: Brief, sslMode: sslMode), 1, default));

        await server.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task OpenAsync_Cancelled_CarriesTheCallersToken()
    {
        await using var server = new ScriptedServer([null]);
        using var cancel = new CancellationTokenSource(Brief);

        var fault = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WireConnection.OpenAsync(server.Target(), 1, cancel.Token));

        Assert.Equal(cancel.Token, fault.CancellationToken);
    }

    [Fact]
    public async Task ReadCopyAsync_ServerFallsSilent_EndsAtTheLimitOfSilence()
    {
        await using var server = new ScriptedServer(ScriptedServer.Welcome, [.. CopyOut, .. Message('d', "1\n"u8)], null);
        await using var connection = await WireConnection.OpenAsync(server.Target(BriefLimits), 1, default);
        await connection.OpenCopiesAsync("", ["COPY"], default);

        var fault = await Assert.ThrowsAnyAsync<IOException>(async () => await connection.ReadCopyAsync(new byte[100], default));

        Assert.Equal(SocketError.TimedOut, Assert.IsType<SocketException>(fault.InnerException).SocketErrorCode);
        Assert.False(connection.IsOpen);
    }

    [Fact]
    public async Task ReadCopyAsync_CancelledAtASilentServer_ClosesTheSocketSoon()
    {
        await using var server = new ScriptedServer(ScriptedServer.Welcome, [.. CopyOut, .. Message('d', "1\n"u8)], null);
        await using var connection = await WireConnection.OpenAsync(server.Target(BriefLimits with { Silence = TimeSpan.FromMinutes(5) }), 1, default);
        await connection.OpenCopiesAsync("", ["COPY"], default);
        using var cancel = new CancellationTokenSource();
        var read = connection.ReadCopyAsync(new byte[100], cancel.Token).AsTask();

        await cancel.CancelAsync();

        // Whether the cancellation met the read before or while it waited, the end of the COPY leaves nothing behind.
        await Assert.ThrowsAnyAsync<Exception>(() => read.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(await connection.CloseCopyAsync());
        Assert.False(connection.IsOpen);
        await server.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData('d')]
    [InlineData('N')]
    public async Task CloseCopyAsync_ServerThatTricklesOn_ClosesTheSocketSoon(char type)
    {
        await using var server = ScriptedServer.Trickling(Message(type, "1\n"u8), ScriptedServer.Welcome, CopyOut);
        await using var connection = await WireConnection.OpenAsync(server.Target(BriefLimits), 1, default);
        await connection.OpenCopiesAsync("SAVEPOINT s", ["COPY"], default);
        using var cancel = new CancellationTokenSource();
        var read = connection.ReadCopyAsync(new byte[1 << 20], cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => read.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(await connection.CloseCopyAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.False(connection.IsOpen);
        await server.Closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task OpenAsync_CancelledWhileTheNetworkConnects_Ends()
    {
        // Nobody accepts, so that, once its queue is full, connecting neither succeeds nor fails.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var target = ScriptedServer.Target(((IPEndPoint)listener.LocalEndPoint!).Port);
        using var cancel = new CancellationTokenSource(Brief);

        var attempts = Enumerable.Range(1, 8).Select(number => WireConnection.OpenAsync(target, number, cancel.Token)).ToArray();

        foreach (var attempt in attempts)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attempt.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Open_FirstAddressRefuses_TakesTheNext()
    {
        await using var server = new ScriptedServer(ScriptedServer.Welcome);
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        using var session = WireStartup.Open(server.Target(), [closed.LocalEndPoint!, new IPEndPoint(IPAddress.Loopback, server.Port)], default);

        Assert.True(session.IsOpen);
    }

    private static byte[] Claiming(char type, int length)
    {
        var message = Message(type, [1, 2, 3]);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), length);
        return message;
    }
}
