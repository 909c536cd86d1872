using System.Net.Sockets;
using System.Security.Authentication;
using Backup.Core.Postgres;
using Npgsql;

namespace Backup.Core.Tests.Postgres;

public sealed class DatabaseFaultTests
{
    [Theory]
    [InlineData("28P01", "password authentication failed for user \"me\"", "password", false)]
    [InlineData("3D000", "database \"app\" does not exist", "database's name", false)]
    [InlineData("53300", "sorry, too many clients already", "fewer connections", true)]
    [InlineData("57P03", "the database system is starting up", "in a moment", true)]
    [InlineData("XX000", "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size", "pooler", true)]
    [InlineData("XX000", "Tenant or user not found", "postgres.<project ref>", false)]
    public void OnConnect_ServerRefuses_SaysWhatToDo(string state, string message, string hint, bool isTransient)
    {
        var fault = DatabaseFault.OnConnect(new PostgresException(message, "FATAL", "FATAL", state), "me@db/app");

        Assert.StartsWith("Cannot connect to me@db/app: " + message, fault.Message, StringComparison.Ordinal);
        Assert.Contains(hint, fault.Hint, StringComparison.Ordinal);
        Assert.Equal(isTransient, fault.IsTransient);
        Assert.Equal(state, fault.SqlState);
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "name is not known", false)]
    [InlineData(SocketError.ConnectionRefused, "nothing listens", true)]
    [InlineData(SocketError.TimedOut, "did not answer in time", true)]
    [InlineData(SocketError.NetworkUnreachable, "cannot be reached", true)]
    public void OnConnect_SocketFault_SaysWhatIsWrong(SocketError error, string reason, bool isTransient)
    {
        var fault = DatabaseFault.OnConnect(new NpgsqlException("Failed to connect", new SocketException((int)error)), "me@db/app");

        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        Assert.NotNull(fault.Hint);
        Assert.Equal(isTransient, fault.IsTransient);
    }

    [Fact]
    public void OnConnect_TlsFault_SaysWhichSettings()
    {
        var fault = DatabaseFault.OnConnect(
            new NpgsqlException("Exception while performing SSL handshake", new AuthenticationException("The remote certificate was rejected.")), "me@db/app");

        Assert.Contains("TLS", fault.Message, StringComparison.Ordinal);
        Assert.Contains("sslrootcert", fault.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("42501", "permission denied for table film", "GRANT SELECT on public.film", false)]
    [InlineData("42501", "query would be affected by row-level security policy for table \"film\"", "BYPASSRLS", false)]
    [InlineData("53200", "out of shared memory", "max_locks_per_transaction", false)]
    [InlineData("57P01", "terminating connection due to administrator command", "run again", true)]
    [InlineData("40001", "canceling statement due to conflict with recovery", "hot_standby_feedback", true)]
    public void On_ServerRefuses_NamesTheTableAndSaysWhatToDo(string state, string message, string hint, bool isTransient)
    {
        var fault = DatabaseFault.On(new PostgresException(message, "ERROR", "ERROR", state), "Reading public.film", "public.film");

        Assert.Equal($"Reading public.film failed: {message} (SQLSTATE {state}).", fault.Message);
        Assert.Equal("public.film", fault.Subject);
        Assert.Contains(hint, fault.Hint, StringComparison.Ordinal);
        Assert.Equal(isTransient, fault.IsTransient);
    }

    [Fact]
    public void On_LostConnection_IsTransient()
    {
        var fault = DatabaseFault.On(
            new NpgsqlException("Exception while reading from stream", new IOException("Unable to read", new SocketException((int)SocketError.ConnectionReset))),
            "Reading public.film",
            "public.film");

        Assert.StartsWith("Reading public.film failed: the connection was lost", fault.Message, StringComparison.Ordinal);
        Assert.True(fault.IsTransient);
    }
}
