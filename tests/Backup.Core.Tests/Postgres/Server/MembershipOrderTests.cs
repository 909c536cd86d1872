using Backup.Core.Postgres.Server;

namespace Backup.Core.Tests.Postgres.Server;

public sealed class MembershipOrderTests
{
    [Fact]
    public void Sort_ChainOfGrantors_PutsEachBehindTheOneWhoGaveItTheRight()
    {
        RoleMembership[] memberships =
        [
            Grant("g", "a", grantor: "b"),
            Grant("g", "b", grantor: "c", isAdmin: true),
            Grant("h", "c", grantor: "nobody"),
            Grant("g", "c", grantor: null, isAdmin: true),
            Grant("h", "a", grantor: null),
        ];

        var sorted = MembershipOrder.Sort(memberships);

        Assert.Equal(
            ["g c", "g b", "g a", "h a", "h c"], sorted.Select(membership => $"{membership.Role} {membership.Member}"));
    }

    [Fact]
    public void Sort_GrantorsThatGiveEachOtherTheRight_KeepsAllOfThem()
    {
        RoleMembership[] memberships = [Grant("g", "a", grantor: "b", isAdmin: true), Grant("g", "b", grantor: "a", isAdmin: true)];

        Assert.Equal(memberships, MembershipOrder.Sort(memberships));
    }

    private static RoleMembership Grant(string role, string member, string? grantor, bool isAdmin = false) =>
        new() { Role = role, Member = member, Grantor = grantor, Admin = isAdmin };
}
