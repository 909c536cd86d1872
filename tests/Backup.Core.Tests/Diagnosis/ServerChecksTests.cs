using Backup.Core.Diagnosis;
using Backup.Core.Postgres;
using Backup.Core.Postgres.Probes;

namespace Backup.Core.Tests.Diagnosis;

/// <summary>What is made of a server's answers.</summary>
public sealed class ServerChecksTests
{
    private static readonly ServerFacts Server = new()
    {
        Version = "17.2",
        MajorVersion = 17,
        Encoding = "UTF8",
        Role = "reader",
        IsStandby = false,
        HasStandbyFeedback = false,
        StandbyDelay = "30s",
        ServerConnections = 50,
        RoleConnections = null,
        DatabaseConnections = null,
        Locks = 6400,
        TimeLimits = [],
    };

    [Theory]
    [InlineData(14, DiagnosisStatus.Ok)]
    [InlineData(18, DiagnosisStatus.Ok)]
    [InlineData(19, DiagnosisStatus.Fail)]
    public void Version_NewerThanKnown_Fails(int major, DiagnosisStatus expected) =>
        Assert.Equal(expected, ServerChecks.Version(Server with { MajorVersion = major }).Status);

    [Theory]
    [InlineData("UTF8", DiagnosisStatus.Ok)]
    [InlineData("LATIN1", DiagnosisStatus.Ok)]
    [InlineData("SQL_ASCII", DiagnosisStatus.Warn)]
    public void Encoding_WithoutCharacters_Warns(string encoding, DiagnosisStatus expected) =>
        Assert.Equal(expected, ServerChecks.Encoding(Server with { Encoding = encoding }).Status);

    [Theory]
    [InlineData(false, false, "30s", DiagnosisStatus.Ok)]
    [InlineData(true, false, "30s", DiagnosisStatus.Warn)]
    [InlineData(true, true, "30s", DiagnosisStatus.Ok)]
    [InlineData(true, false, "-1", DiagnosisStatus.Ok)]
    public void Replication_StandbyThatCancelsReads_Warns(bool isStandby, bool hasFeedback, string delay, DiagnosisStatus expected) =>
        Assert.Equal(
            expected,
            ServerChecks.Replication(Server with { IsStandby = isStandby, HasStandbyFeedback = hasFeedback, StandbyDelay = delay }).Status);

    [Theory]
    [InlineData(50, null, null, DiagnosisStatus.Ok, "50 connections")]
    [InlineData(5, null, null, DiagnosisStatus.Ok, "5 connections")]
    [InlineData(4, null, null, DiagnosisStatus.Warn, "4 connections can be had (max_connections)")]
    [InlineData(50, 2, null, DiagnosisStatus.Warn, "2 connections can be had (the connection limit of the role reader)")]
    [InlineData(50, null, 1, DiagnosisStatus.Warn, "1 connection can be had (the connection limit of the database)")]
    public void Connections_FewerThanWanted_NamesTheLimit(int server, int? role, int? database, DiagnosisStatus expected, string text)
    {
        var facts = Server with { ServerConnections = server, RoleConnections = role, DatabaseConnections = database };

        var finding = ServerChecks.Connections(facts, readers: 3, listsObjects: true);

        Assert.Equal(expected, finding.Status);
        Assert.Contains(text, finding.Finding, StringComparison.Ordinal);
        Assert.Contains("up to 5", finding.Finding, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PoolerKind.None, PoolingMode.Unknown, DiagnosisStatus.Ok, "the server itself")]
    [InlineData(PoolerKind.PgBouncer, PoolingMode.Session, DiagnosisStatus.Ok, "PgBouncer in session mode")]
    [InlineData(PoolerKind.Supavisor, PoolingMode.Transaction, DiagnosisStatus.Warn, "Supavisor in transaction mode")]
    [InlineData(PoolerKind.Other, PoolingMode.Unknown, DiagnosisStatus.Warn, "no second connection")]
    public void Pooler_TransactionOrUnknownMode_Warns(object kind, object mode, DiagnosisStatus expected, string text)
    {
        var finding = ServerChecks.Pooler(new PoolerFacts((PoolerKind)kind, (PoolingMode)mode), readers: 2);

        Assert.Equal(expected, finding.Status);
        Assert.Contains(text, finding.Finding, StringComparison.Ordinal);
        Assert.Equal(expected == DiagnosisStatus.Ok, finding.Advice is null);
    }

    [Theory]
    [InlineData(1600, DiagnosisStatus.Ok)]
    [InlineData(1601, DiagnosisStatus.Warn)]
    public void Locks_TablesThatTakeMoreThanHalf_Warns(int tables, DiagnosisStatus expected)
    {
        var relations = RelationProbe.Judge([], [], Server) with { Locked = tables };

        Assert.Equal(expected, ServerChecks.Locks(Server, relations).Status);
    }

    [Fact]
    public void TimeLimits_OfTheRole_AreNamedAndNoObstacle()
    {
        var finding = ServerChecks.TimeLimits(Server with { TimeLimits = ["statement_timeout = 8s"] });

        Assert.Equal(DiagnosisStatus.Ok, finding.Status);
        Assert.Contains("statement_timeout = 8s", finding.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_RelationsInTheWay_AreSortedByWhatIsWrong()
    {
        ListedRelation[] relations =
        [
            Relation("fine"), Relation("denied") with { CanSelect = false }, Relation("hidden") with { HasRowSecurity = true },
            Relation("fleeting") with { IsUnlogged = true }, Relation("s", 'S'), Relation("t", 'S') with { CanSelect = false },
            Relation("of_extension", 'S') with { CanSelect = false, IsExtensionMember = true }, Relation("whole", 'p'), Relation("view", 'v'),
        ];

        var facts = RelationProbe.Judge(relations, relations, Server with { IsStandby = true });

        Assert.Equal(4, facts.Tables);
        Assert.Equal(5, facts.Locked);
        Assert.Equal("denied", Assert.Single(facts.Refused).Name.Name);
        Assert.Equal("hidden", Assert.Single(facts.Hidden).Name.Name);
        Assert.Equal("fleeting", Assert.Single(facts.Unlogged).Name.Name);
        Assert.Equal(2, facts.Sequences);
        Assert.Equal("t", Assert.Single(facts.RefusedSequences).Name);
        Assert.Equal(DiagnosisStatus.Fail, RelationChecks.Tables(facts, Server).Status);
        Assert.Contains("public.denied, public.fleeting", RelationChecks.Tables(facts, Server).Finding, StringComparison.Ordinal);
        Assert.Contains("BYPASSRLS", RelationChecks.RowSecurity(facts, Server).Advice, StringComparison.Ordinal);
        Assert.Contains("public.t", RelationChecks.Sequences(facts, Server).Finding, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_None_Warns() =>
        Assert.Equal(DiagnosisStatus.Warn, RelationChecks.Tables(RelationProbe.Judge([], [], Server), Server).Status);

    [Fact]
    public void StorageRows_WhateverIsInTheWay_Warns()
    {
        ListedRelation[] storage = [Relation("buckets", schema: "storage"), Relation("objects", schema: "storage")];
        var facts = RelationProbe.Judge(storage, storage, Server);
        var absent = RelationProbe.Judge([], [], Server);
        var hidden = RelationProbe.Judge([storage[0], storage[1] with { HasRowSecurity = true }], [], Server);

        Assert.Equal(DiagnosisStatus.Ok, RelationChecks.StorageRows(facts, Server, [new ProbedBucket("b", true)], null).Status);
        Assert.Contains("1 bucket", RelationChecks.StorageRows(facts, Server, [new ProbedBucket("b", true)], null).Finding, StringComparison.Ordinal);
        Assert.Equal(DiagnosisStatus.Warn, RelationChecks.StorageRows(absent, Server, null, null).Status);
        Assert.Equal(DiagnosisStatus.Warn, RelationChecks.StorageRows(hidden, Server, null, null).Status);
        Assert.Equal(DiagnosisStatus.Warn, RelationChecks.StorageRows(facts, Server, [], "storage.objects.name").Status);
        Assert.Equal(DiagnosisStatus.Warn, RelationChecks.StorageRows(facts, Server with { Encoding = "LATIN1" }, [], null).Status);
    }

    private static ListedRelation Relation(string name, char kind = 'r', string schema = "public") =>
        new(1, new QualifiedName(schema, name), kind, IsUnlogged: false, IsExtensionMember: false, null, CanSelect: true, HasRowSecurity: false);
}
