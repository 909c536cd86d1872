using Backup.Core.Postgres;
using Backup.Core.Restore;

namespace Backup.Core.Tests.Restore;

public sealed class LoadOrderTests
{
    private static readonly QualifiedName A = new("public", "a");
    private static readonly QualifiedName B = new("public", "b");
    private static readonly QualifiedName C = new("public", "c");

    [Fact]
    public void ByForeignKeys_Chain_LoadsReferredTablesFirst()
    {
        var (order, circle) = LoadOrder.ByForeignKeys([A, B, C], [(A, B), (B, C)]);

        Assert.Empty(circle);
        Assert.Equal([[C], [B], [A]], order!.Steps!.Select(step => step.ToArray()));
    }

    [Fact]
    public void ByForeignKeys_Circle_NamesIt()
    {
        var (order, circle) = LoadOrder.ByForeignKeys([A, B, C], [(A, B), (B, A)]);

        Assert.Null(order);
        Assert.Equal([A, B], circle);
    }

    [Fact]
    public void ByForeignKeys_TableThatRefersToItself_IsACircle() =>
        Assert.Equal([A], LoadOrder.ByForeignKeys([A, B], [(A, A)]).Circle);
}
