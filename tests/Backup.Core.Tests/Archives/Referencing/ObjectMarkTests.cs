using Backup.Core.Archives.Referencing;
using Backup.Core.ObjectStores;

namespace Backup.Core.Tests.Archives.Referencing;

/// <summary>Every way in which two listings of one name may differ or say too little.</summary>
public sealed class ObjectMarkTests
{
    private static readonly DateTimeOffset Then = new(2026, 11, 22, 3, 15, 0, TimeSpan.Zero);

    private static readonly StoredObject Held = new()
    {
        Bucket = "b",
        Name = "n",
        Bytes = 10,
        ETag = "\"e\"",
        Version = "v",
        UpdatedAt = Then,
    };

    public static TheoryData<string, Func<StoredObject, StoredObject>> Same => new()
    {
        { "everything", item => item },
        { "another metadata", item => item with { UserMetadata = "{}", ContentType = "a/b", CacheControl = "c", OwnerId = "o", Id = "i" } },
        { "another zone", item => item with { UpdatedAt = Then.ToOffset(TimeSpan.FromHours(2)) } },
        { "an ETag without quotes", item => item with { ETag = "e" } },
        { "a weak ETag", item => item with { ETag = "W/\"e\"" } },
        { "no version", item => item with { Version = null } },
        { "no ETag", item => item with { ETag = null } },
    };

    public static TheoryData<string, Func<StoredObject, StoredObject>> Others => new()
    {
        { "another size", item => item with { Bytes = 11 } },
        { "no size", item => item with { Bytes = null } },
        { "another time", item => item with { UpdatedAt = Then.AddTicks(10) } },
        { "no time", item => item with { UpdatedAt = null } },
        { "another version", item => item with { Version = "w" } },
        { "another version of the same content", item => item with { Version = "w", ETag = null } },
        { "another ETag", item => item with { ETag = "\"f\"" } },
        { "another ETag and no version", item => item with { ETag = "\"f\"", Version = null } },
        { "neither version nor ETag", item => item with { ETag = null, Version = null } },
        { "an empty ETag and no version", item => item with { ETag = "\"\"", Version = null } },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void IsSameAs_NothingContradicts_IsTrue(string what, Func<StoredObject, StoredObject> change)
    {
        Assert.True(ObjectMark.Of(change(Held)).IsSameAs(ObjectMark.Of(Held)), what);
        Assert.True(ObjectMark.Of(Held).IsSameAs(ObjectMark.Of(change(Held))), what);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void IsSameAs_AnythingDiffersOrIsNotKnown_IsFalse(string what, Func<StoredObject, StoredObject> change)
    {
        Assert.False(ObjectMark.Of(change(Held)).IsSameAs(ObjectMark.Of(Held)), what);
        Assert.False(ObjectMark.Of(Held).IsSameAs(ObjectMark.Of(change(Held))), what);
    }

    [Fact]
    public void IsSameAs_NothingIsKnownOnEitherSide_IsFalse()
    {
        var nothing = ObjectMark.Of(new StoredObject { Bucket = "b", Name = "n" });

        Assert.False(nothing.IsSameAs(nothing));
    }
}
