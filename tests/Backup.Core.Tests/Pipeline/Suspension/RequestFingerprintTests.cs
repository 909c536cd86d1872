using Backup.Core.ObjectStores;
using Backup.Core.Pipeline;
using Backup.Core.Pipeline.Suspension;
using Backup.Core.Postgres;

namespace Backup.Core.Tests.Pipeline.Suspension;

public sealed class RequestFingerprintTests
{
    private static readonly RunLanes Both = new(HasRows: true, HasObjects: true);

    private static readonly BackupRequest Request = new()
    {
        Tables = new TableSelection { IncludeTables = ["public.a", "public.b"] },
        Objects = new ObjectSelection { Buckets = ["x", "y"], Prefix = "p" },
    };

    private static readonly string Kept = RequestFingerprint.Of(Both, Request, "shop", "7", "https://ref.supabase.co");

    [Fact]
    public void Of_PatternsInAnotherOrder_IsTheSame()
    {
        var request = Request with
        {
            Tables = new TableSelection { IncludeTables = ["public.b", "public.a"] },
            Objects = Request.Objects with { Buckets = ["y", "x"] },
            TimeBudget = TimeSpan.FromMinutes(9),
        };

        Assert.Null(RequestFingerprint.FindDifference(Kept, RequestFingerprint.Of(Both, request, "shop", "7", "https://ref.supabase.co")));
    }

    [Theory]
    [InlineData("shop", "8", "https://ref.supabase.co", "the database")]
    [InlineData("shop", null, "https://ref.supabase.co", "the database")]
    [InlineData("market", "7", "https://ref.supabase.co", "the database")]
    [InlineData("shop", "7", "https://other.supabase.co", "the object store")]
    public void FindDifference_AnotherSource_IsNamed(string database, string? server, string store, string difference) =>
        Assert.Equal(difference, RequestFingerprint.FindDifference(Kept, RequestFingerprint.Of(Both, Request, database, server, store)));

    [Fact]
    public void FindDifference_AnotherSelection_IsNamed()
    {
        var request = Request with { Tables = TableSelection.Everything, Objects = Request.Objects with { Prefix = "q" } };

        Assert.Equal(
            "the choice of tables, the choice of objects",
            RequestFingerprint.FindDifference(Kept, RequestFingerprint.Of(Both, request, "shop", "7", "https://ref.supabase.co")));
    }

    [Fact]
    public void FindDifference_AnotherForm_IsADifference() => Assert.NotNull(RequestFingerprint.FindDifference("something else", Kept));
}
