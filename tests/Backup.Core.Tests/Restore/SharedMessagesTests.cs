using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class SharedMessagesTests
{
    [Fact]
    public void Cut_MoreThanAMessageTakes_CutsInOrder()
    {
        var messages = Cut([.. Enumerable.Range(0, 250).Select(number => $"SELECT {number};")]);

        Assert.Equal([100, 100, 50], messages.Select(message => message.Count));
        Assert.Equal(Enumerable.Range(0, 250).Select(number => $"SELECT {number};"), messages.SelectMany(message => message));
    }

    [Fact]
    public void Cut_LongStatements_KeepsMessagesShort()
    {
        var half = new string('x', SharedMessages.MaxCharacters / 2);

        Assert.Equal([2, 1], Cut([half, half, half]).Select(message => message.Count));
    }

    [Fact]
    public void Cut_WhatCannotShare_StandsAlone() =>
        Assert.Equal([["a", "b"], ["alone"], ["c"]], Cut(["a", "b", "alone", "c"]));

    [Theory]
    [InlineData("INDEX", true)]
    [InlineData("ACL", true)]
    [InlineData("SUBSCRIPTION", false)]
    [InlineData("MATERIALIZED VIEW DATA", false)]
    public void CanShare_Kind_SaysWhetherItMay(string kind, bool expected) => Assert.Equal(expected, SharedMessages.CanShare(kind, "SELECT 1;"));

    [Fact]
    public void CanShare_BodyThatTheDriverWouldCut_False() =>
        Assert.False(SharedMessages.CanShare("FUNCTION", "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;"));

    private static List<IReadOnlyList<string>> Cut(string[] items) => [.. SharedMessages.Cut(items, item => item, item => item != "alone")];
}
