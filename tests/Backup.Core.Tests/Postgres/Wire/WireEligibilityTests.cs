using System.ComponentModel;
using System.Reflection;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Wire;
using Npgsql;

namespace Backup.Core.Tests.Postgres.Wire;

public sealed class WireEligibilityTests
{
    private const string Plain = "Host=db.example;Username=me;Database=app";

    [Theory]
    [InlineData("SSL Certificate=/client.pem", "client certificate")]
    [InlineData("SSL Key=/client.key", "client key")]
    [InlineData("Require Auth=ScramSHA256", "authentication methods")]
    [InlineData("GSS Encryption Mode=Require", "GSSAPI")]
    [InlineData("Client Encoding=LATIN1", "client encoding")]
    [InlineData("Target Session Attributes=any", "kind of server")]
    [InlineData("Host=db.example:6543", "port")]
    [InlineData("Host=[::1]:6543", "port")]
    public void Of_WhatIsNotCovered_SaysWhy(string keyword, string reason)
    {
        var eligibility = Judge($"{Plain};{keyword}");

        Assert.Null(eligibility.Target);
        Assert.Contains(reason, eligibility.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PGSSLCERT", "/client.pem")]
    [InlineData("PGREQUIREAUTH", "scram-sha-256")]
    [InlineData("PGGSSENCMODE", "require")]
    [InlineData("PGCLIENTENCODING", "LATIN1")]
    public void Of_VariableThatIsNotCovered_SaysWhy(string name, string value) =>
        Assert.NotNull(Judge(Plain, (name, value)).Reason);

    [Fact]
    public void Of_WhatIsCovered_TakesItOver()
    {
        var target = Judge(
            $"{Plain};Port=6543;Password=p;SSL Mode=VerifyFull;Root Certificate=/ca.pem;Channel Binding=Require;Timeout=7;Search Path=a,b;Timezone=UTC;Options=-c jit=off",
            ("PGPASSWORD", "other")).Target!;

        Assert.Equal(("db.example", 6543, "p", TimeSpan.FromSeconds(7)), (target.Host, target.Port, target.FindPassword(), target.ConnectTimeout));
        Assert.Equal((SslMode.VerifyFull, "/ca.pem", ChannelBinding.Require), (target.SslMode, target.RootCertificate, target.ChannelBinding));
        Assert.Equal(
            "user=me database=app client_encoding=UTF8 application_name=backup-core search_path=a,b TimeZone=UTC options=-c jit=off",
            string.Join(' ', target.Parameters.Select(p => $"{p.Key}={p.Value}")));
        Assert.True(target.Socket.KeepAlive);
        Assert.Null(target.UnixSocketPath);
    }

    [Fact]
    public void Of_Variables_StandInForWhatIsNotGiven()
    {
        var target = Judge(Plain, ("PGPASSWORD", "p"), ("PGSSLROOTCERT", "/ca.pem"), ("PGOPTIONS", "-c jit=off"), ("PGSSLNEGOTIATION", "direct")).Target!;

        Assert.Equal(("p", "/ca.pem", true), (target.FindPassword(), target.RootCertificate, target.IsTlsDirect));
        Assert.Contains(KeyValuePair.Create("options", "-c jit=off"), target.Parameters);
    }

    [Fact]
    public void Keywords_OfNpgsql_AreAllKnown()
    {
        var all = typeof(NpgsqlConnectionStringBuilder).GetProperties()
            .Select(property => property.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName)
            .OfType<string>()
            .ToArray();

        Assert.Contains("Host", all);
        Assert.All(all, keyword => Assert.True(WireKeywords.Covered.Contains(keyword) != WireKeywords.Uncovered.ContainsKey(keyword), keyword));
    }

    [Theory]
    [InlineData("", null, true)]
    [InlineData("GSS Encryption Mode=Disable", null, false)]
    [InlineData("", "disable", false)]
    [InlineData("Host=/run/postgresql", null, false)]
    public void Of_GssEncryptionThatNpgsqlWouldTakeUp_IsAskedFor(string keyword, string? variable, bool isAsked) =>
        Assert.Equal(isAsked, Judge($"{Plain};{keyword}", ("PGGSSENCMODE", variable!)).Target!.MayBeGssEncrypted);

    [Theory]
    [InlineData("", 3000)]
    [InlineData("Cancellation Timeout=500", 500)]
    [InlineData("Cancellation Timeout=0", 3000)]
    [InlineData("Cancellation Timeout=-1", 3000)]
    public void Of_CancellationTimeout_IsTheTimeUntilTheSocketIsClosed(string keyword, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Judge($"{Plain};{keyword}").Target!.Limits.Stop);

    [Fact]
    public void Of_AddressOfVersion6_IsNoHostWithAPort() =>
        Assert.Equal("2001:db8::1", Judge("Host=2001:db8::1;Username=me;Database=app").Target!.Host);

    [Fact]
    public void Of_Folder_IsAUnixSocket() =>
        Assert.Equal("/run/postgresql/.s.PGSQL.5432", Judge("Host=/run/postgresql;Username=me;Database=app").Target!.UnixSocketPath);

    [Fact]
    public async Task JudgeWire_LentDataSourceOrSmallPool_LeavesItToNpgsql()
    {
        await using var dataSource = NpgsqlDataSource.Create(Plain);
        await using var lent = PostgresSource.FromDataSource(dataSource);
        await using var small = PostgresSource.FromConnectionString($"{Plain};Maximum Pool Size=2");

        Assert.Null(lent.JudgeWire(new SnapshotOptions { Connections = 1 }).Target);
        Assert.Null(small.JudgeWire(new SnapshotOptions { Connections = 2 }).Target);
        Assert.NotNull(small.JudgeWire(new SnapshotOptions { Connections = 1 }).Target);
    }

    private static WireEligibility Judge(string text, params (string Name, string Value)[] variables) =>
        WireEligibility.Of(ConnectionText.Parse(text), name => variables.FirstOrDefault(v => v.Name == name).Value);
}
