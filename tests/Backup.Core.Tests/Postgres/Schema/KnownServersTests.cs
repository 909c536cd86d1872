using Backup.Core.Errors;
using Backup.Core.Postgres.Schema;

namespace Backup.Core.Tests.Postgres.Schema;

public sealed class KnownServersTests
{
    [Theory]
    [InlineData(14, true)]
    [InlineData(18, true)]
    [InlineData(19, false)]
    public void FindFault_Version_IsKnownUpTo18(int majorVersion, bool isKnown) =>
        Assert.Equal(isKnown ? null : "PostgreSQL 19", KnownServers.FindFault(majorVersion)?.Name);

    [Fact]
    public void ThrowIfAny_Several_NamesThem()
    {
        var items = Enumerable.Range(1, 7).Select(number => new UnsupportedObject($"widget {number}", "No backup can hold it.")).ToList();

        var exception = Assert.Throws<DatabaseException>(() => KnownServers.ThrowIfAny(items));

        Assert.Equal("widget 1", exception.Subject);
        Assert.Equal(ErrorCategory.Refused, exception.Category);
        Assert.Contains("widget 5 and 2 more. No backup can hold it.", exception.Message, StringComparison.Ordinal);
        Assert.NotNull(exception.Hint);
    }

    [Fact]
    public void ThrowIfAny_Nothing_IsFine() => KnownServers.ThrowIfAny([]);
}
