using System.Text;
using Backup.Core.Errors;
using Backup.Core.ObjectStores.SupabaseStorage;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class StorageKeyTests
{
    [Theory]
    [InlineData("""{"role":"service_role","exp":1}""", nameof(KeyRights.All))]
    [InlineData("""{"role":"anon"}""", nameof(KeyRights.Limited))]
    [InlineData("""{"role":"authenticated","sub":"x"}""", nameof(KeyRights.Limited))]
    [InlineData("""{"sub":"x"}""", nameof(KeyRights.Limited))]
    [InlineData("""{"role":7}""", nameof(KeyRights.Limited))]
    [InlineData("""{"role":"backup_reader"}""", nameof(KeyRights.Unknown))]
    [InlineData("""[]""", nameof(KeyRights.Unknown))]
    [InlineData("""no json""", nameof(KeyRights.Unknown))]
    public void Parse_Token_GoesByItsRole(string claims, string rights)
    {
        var key = StorageKey.Parse(Jwt(claims));

        Assert.Equal(rights, key.Rights.ToString());
        Assert.True(key.IsToken);
    }

    [Theory]
    [InlineData("sb_secret_abc_def", nameof(KeyRights.All), false)]
    [InlineData("sb_publishable_abc_def", nameof(KeyRights.Limited), false)]
    [InlineData("whatever", nameof(KeyRights.Unknown), true)]
    [InlineData("a.%.c", nameof(KeyRights.Unknown), true)]
    public void Parse_OtherKey_GoesByItsForm(string text, string rights, bool isToken)
    {
        var key = StorageKey.Parse(text);

        Assert.Equal((rights, isToken), (key.Rights.ToString(), key.IsToken));
    }

    [Fact]
    public void ThrowIfLimited_AnonymousKey_NamesTheRoleAndNotTheKey()
    {
        var text = Jwt("""{"role":"anon"}""");

        var exception = Assert.Throws<ObjectStoreException>(() => StorageKey.Parse(text).ThrowIfLimited("list the buckets", "buckets"));

        Assert.Equal(ObjectStoreError.AccessDenied, exception.Error);
        Assert.Contains("'anon'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("service_role", exception.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain(text, exception.ToString(), StringComparison.Ordinal);
    }

    private static string Jwt(string claims) => $"e30.{Convert.ToBase64String(Encoding.UTF8.GetBytes(claims)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}.c2ln";
}
