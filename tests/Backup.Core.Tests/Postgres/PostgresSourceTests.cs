using Backup.Core.Postgres;
using Npgsql;

namespace Backup.Core.Tests.Postgres;

public sealed class PostgresSourceTests
{
    [Theory]
    [InlineData("Host=db;Username=me;Password=hidden;Database=app", "me@db/app")]
    [InlineData("Host=db;Port=6543;Username=me;Password=hidden;Database=app", "me@db:6543/app")]
    [InlineData("postgres://me:hidden@db/app", "me@db/app")]
    [InlineData("postgresql://me:hidden@db:6543/app?sslmode=require", "me@db:6543/app")]
    public async Task Description_AnyForm_NamesTheDatabaseWithoutTheSecret(string text, string expected)
    {
        await using var source = PostgresSource.FromConnectionString(text);

        Assert.Equal(expected, source.Description);
    }

    [Fact]
    public void FromConnectionString_Uri_ReadsEveryPart()
    {
        var settings = ConnectionText.Parse(
            "postgres://us%40er:p%3Ass%2Fw%25rd@db.example.com:6543/my%20db?sslmode=verify-full&application_name=nightly&connect_timeout=7"
            + "&options=-c%20geqo%3Doff&sslrootcert=%2Fca.pem&pgbouncer=true");

        Assert.Equal("us@er", settings.Username);
        Assert.Equal("p:ss/w%rd", settings.Password);
        Assert.Equal("db.example.com", settings.Host);
        Assert.Equal(6543, settings.Port);
        Assert.Equal("my db", settings.Database);
        Assert.Equal(SslMode.VerifyFull, settings.SslMode);
        Assert.Equal("nightly", settings.ApplicationName);
        Assert.Equal(7, settings.Timeout);
        Assert.Equal("-c geqo=off", settings.Options);
        Assert.Equal("/ca.pem", settings.RootCertificate);
    }

    [Theory]
    [InlineData("postgres://me@[::1]:6543/app", "::1", 6543)]
    [InlineData("postgres://me@[::1]/app", "::1", 5432)]
    [InlineData("postgres://me@db:/app", "db", 5432)]
    [InlineData("postgres://me@/app?host=%2Fvar%2Frun%2Fpostgresql", "/var/run/postgresql", 5432)]
    [InlineData("postgres:///app?host=db&port=1&user=me", "db", 1)]
    [InlineData("postgres://me:p@ss@db/app", "db", 5432)]
    public void FromConnectionString_UriHosts_AreRead(string text, string host, int port)
    {
        var settings = ConnectionText.Parse(text);

        Assert.Equal((host, port, "app", "me"), (settings.Host, settings.Port, settings.Database, settings.Username));
    }

    [Fact]
    public void FromConnectionString_Defaults_SuitLongReads()
    {
        var settings = ConnectionText.Parse("Host=db;Username=me;Database=app");

        Assert.Equal("backup-core", settings.ApplicationName);
        Assert.False(settings.Enlist);
        Assert.False(settings.PersistSecurityInfo);
        Assert.Equal(0, settings.CommandTimeout);
        Assert.Equal(30, settings.KeepAlive);
        Assert.True(settings.TcpKeepAlive);
    }

    [Fact]
    public void FromConnectionString_SettingsGiven_StayAsGiven()
    {
        var settings = ConnectionText.Parse(
            "Host=db;Username=me;Database=app;Application Name=mine;Keepalive=5;Command Timeout=9;Tcp Keepalive=false;Maximum Pool Size=3");

        Assert.Equal(("mine", 5, 9, false, 3),
            (settings.ApplicationName!, settings.KeepAlive, settings.CommandTimeout, settings.TcpKeepAlive, settings.MaxPoolSize));
    }

    [Theory]
    [InlineData("postgres://me:hidden@db:port/app?sslmode=maybe&nonsense=1", "'port' must be", "'sslmode' must be one of", "parameter 2 after the '?' is not known")]
    [InlineData("postgres://me:hidden%zz@db/app", "the password holds a %")]
    [InlineData("postgres://me:pa?hidden@db/app", "a '?' in a user name or password is written %3F")]
    [InlineData("postgres://me:p@w?hidden=1&x@db/app", "a '?' in a user name or password is written %3F")]
    [InlineData("postgres://me:12/hidden@db/app", "a '/' in a user name or password is written %2F")]
    [InlineData("postgres://me:p@1/hidden@db/app", "a '/' in a user name or password is written %2F")]
    [InlineData("postgres://me:1?hidden", "parameter 1 after the '?' has no value")]
    [InlineData("postgres://me:1?a=1&hidden%zz=1", "parameter 2 after the '?' holds a %")]
    [InlineData("postgres://me:1?hidden=%zz", "parameter 1 after the '?' holds a %")]
    [InlineData("postgres://:hidden@/", "the host is missing", "the database is missing", "the user is missing")]
    [InlineData("postgres://me:hidden@a,b/app", "several hosts")]
    [InlineData("Host=db;Username=me;Password=hidden;Database=app;Prot=1;Port=x", "the keyword after 'database' is not known", "the value of 'port' is not valid")]
    [InlineData("Host=db;Username=me;Password=ab;hidden=ef;Database=app", "the keyword after 'password' is not known (a value with a semicolon is put in quotes)")]
    [InlineData("hidden=ef;Host=db", "the keyword is not known")]
    [InlineData("mysql://me:hidden=x@db/app", "the keyword is not known")]
    [InlineData("Host=a,b;Username=me;Password=hidden;Database=app", "several hosts")]
    [InlineData("Host=db;Username=me;Password=hidden;Database=app;Multiplexing=true", "Multiplexing")]
    [InlineData("Username=me;Password=hidden", "the host is missing", "the database is missing")]
    [InlineData("hidden", "neither a postgres:// URI nor a list")]
    public void FromConnectionString_Faults_AreAllNamedWithoutTheSecret(string text, params string[] expected)
    {
        var fault = Assert.Throws<ArgumentException>(() => PostgresSource.FromConnectionString(text));

        Assert.All(expected, part => Assert.Contains(part, fault.Message, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("hidden", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisposeAsync_BorrowedDataSource_StaysOpen()
    {
        await using var dataSource = NpgsqlDataSource.Create("Host=127.0.0.1;Username=me;Database=app");
        var source = PostgresSource.FromDataSource(dataSource);

        await source.DisposeAsync();

        await using var connection = dataSource.CreateConnection();
        Assert.Equal("me@127.0.0.1/app", source.Description);
    }
}
