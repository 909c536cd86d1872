using System.Security.Cryptography;
using Backup.Core.Errors;
using Backup.Core.Postgres;
using Backup.TestKit;
using Backup.TestKit.PostgreSql;
using Npgsql;

namespace Backup.Core.IntegrationTests.Postgres.Wire;

/// <summary>TLS and its certificates: the own reader accepts and refuses what Npgsql does.</summary>
public sealed class TlsTests
{
    private const string Fill = "CREATE TABLE t (id int, body text); INSERT INTO t SELECT i, repeat(md5(i::text), 30000) FROM generate_series(1, 50) i";

    [Theory]
    [InlineData("SHA256", 14)]
    [InlineData("SHA384", null)]
    [InlineData("SHA512", 18)]
    public async Task Read_BoundToTheChannel_GivesTheRows(string hash, int? major)
    {
        using var authority = new TestAuthority("ours");
        using var folder = new TemporaryFolder();
        var settings = Verified(authority, folder);
        settings.ChannelBinding = ChannelBinding.Require;
        await using var server = await StartAsync(authority.Issue("127.0.0.1", new HashAlgorithmName(hash)), major);
        await server.ExecuteAsync("postgres", Fill);

        var (rows, version) = await ReadAsync(server, settings);

        Assert.Equal(50, rows);
        Assert.StartsWith("TLSv1.", version, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_EveryMode_AcceptsAndRefusesWhatNpgsqlDoes()
    {
        using var authority = new TestAuthority("ours");
        using var stranger = new TestAuthority("ours");
        using var folder = new TemporaryFolder();
        var trusted = Verified(authority, folder).RootCertificate;
        var untrusted = Verified(stranger, folder, "stranger.pem").RootCertificate;
        var packed = folder["root.p12"];
        await File.WriteAllBytesAsync(packed, authority.Pkcs12);
        await using var server = await StartAsync(authority.Issue("other.example", HashAlgorithmName.SHA256));

        foreach (var (mode, root, isAccepted) in new[]
                 {
                     (SslMode.Disable, null, true),
                     (SslMode.Allow, null, true),
                     (SslMode.Prefer, null, true),
                     (SslMode.Require, untrusted, true),
                     (SslMode.VerifyCA, trusted, true),
                     (SslMode.VerifyCA, packed, true),
                     (SslMode.VerifyCA, untrusted, false),
                     (SslMode.VerifyCA, null, false),
                     (SslMode.VerifyFull, trusted, false),
                 })
        {
            await using var source = Source(server, settings => (settings.SslMode, settings.RootCertificate) = (mode, root));

            Assert.True(isAccepted == await IsAcceptedAsync(async () => await source.OpenConnectionAsync(default)), $"Npgsql, {mode}");
            Assert.True(isAccepted == await IsAcceptedAsync(async () => await OwnReader.OpenAsync(source)), $"wire, {mode}");
        }
    }

    [Fact]
    public async Task OpenAsync_ServerWithoutTls_IsRefusedOnlyWhereTlsIsRequired()
    {
        await using var server = await PostgresServer.StartAsync(new PostgresServerOptions { Password = "right" });
        await using var preferring = Source(server, settings => settings.SslMode = SslMode.Prefer);
        await using var requiring = Source(server, settings => settings.SslMode = SslMode.Require);
        await using var binding = Source(server, settings => settings.ChannelBinding = ChannelBinding.Require);

        await (await OwnReader.OpenAsync(preferring)).DisposeAsync();
        var fault = await Assert.ThrowsAsync<DatabaseException>(() => OwnReader.OpenAsync(requiring));

        Assert.Contains("SSL", fault.Message, StringComparison.Ordinal);
        Assert.Contains("sslmode=disable", fault.Hint, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DatabaseException>(() => OwnReader.OpenAsync(binding));
    }

    [Fact]
    public async Task CloseAsync_PageNotReadToItsEnd_CancelsOverTlsAndGoesOn()
    {
        using var authority = new TestAuthority("ours");
        await using var server = await StartAsync(authority.Issue("127.0.0.1", HashAlgorithmName.SHA256));
        await server.ExecuteAsync("postgres", Fill);
        await using var source = Source(server, settings => settings.SslMode = SslMode.Require);
        await using var session = await SnapshotReads.OpenAsync(usesWire: true, source);
        await using var reader = session.OpenReader(0);
        var page = new TablePage(session.Tables[0], 1, null, null);
        await reader.OpenAsync(page, default);
        await reader.ReadAsync(new byte[1024], default);

        await reader.CloseAsync();

        Assert.True(reader.IsUsable);
        Assert.Equal(50, CopyText.CountRows(await reader.ReadAsync(page)));
    }

    private static Task<PostgresServer> StartAsync((string Certificate, string Key) tls, int? major = null) =>
        PostgresServer.StartAsync(new PostgresServerOptions { Major = major, Password = "right", Tls = tls });

    private static NpgsqlConnectionStringBuilder Verified(TestAuthority authority, TemporaryFolder folder, string name = "root.pem")
    {
        var file = folder[name];
        File.WriteAllText(file, authority.Pem);
        return new NpgsqlConnectionStringBuilder { SslMode = SslMode.VerifyFull, RootCertificate = file };
    }

    private static PostgresSource Source(PostgresServer server, Action<NpgsqlConnectionStringBuilder> change)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString("postgres"));
        change(settings);
        return PostgresSource.FromConnectionString(settings.ConnectionString);
    }

    private static async Task<bool> IsAcceptedAsync(Func<Task<IAsyncDisposable>> openAsync)
    {
        try
        {
            await (await openAsync()).DisposeAsync();
            return true;
        }
        catch (DatabaseException fault)
        {
            Assert.Contains("TLS handshake failed", fault.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static async Task<(int Rows, string Version)> ReadAsync(PostgresServer server, NpgsqlConnectionStringBuilder wanted)
    {
        await using var source = Source(server, settings =>
            (settings.SslMode, settings.RootCertificate, settings.ChannelBinding) = (wanted.SslMode, wanted.RootCertificate, wanted.ChannelBinding));
        await using var session = await SnapshotReads.OpenAsync(usesWire: true, source);
        await using var connection = await OwnReader.OpenAsync(source);
        var version = await connection.QueryRowAsync("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()", default);
        return (CopyText.CountRows((await session.ReadAllAsync())["public.t"]), version[0]);
    }
}
