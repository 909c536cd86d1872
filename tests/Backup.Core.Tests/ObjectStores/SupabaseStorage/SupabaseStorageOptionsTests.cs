using Backup.Core.ObjectStores.SupabaseStorage;
using Microsoft.Extensions.Options;

namespace Backup.Core.Tests.ObjectStores.SupabaseStorage;

public sealed class SupabaseStorageOptionsTests
{
    [Fact]
    public void Defaults_Always_AreTheDocumentedOnes()
    {
        var options = new SupabaseStorageOptions();

        Assert.Null(options.Url);
        Assert.Null(options.Key);
        Assert.Null(options.UseGatewayPath);
        Assert.Equal(1000, options.ListPageSize);
        Assert.Equal(4, options.MaxRetries);
        Assert.Equal(TimeSpan.FromSeconds(0.5), options.RetryDelay);
        Assert.Equal(TimeSpan.FromSeconds(40), options.AttemptTimeout);
        Assert.Equal(TimeSpan.FromSeconds(30), options.ProgressTimeout);
        Assert.Equal(1024, options.MinBytesPerSecond);
    }

    [Fact]
    public void Create_AllWrong_ReportsEachWithItsValue()
    {
        var options = new SupabaseStorageOptions
        {
            Url = new Uri("ftp://user:password@host/path?token=t"),
            Key = "two\nlines",
            ListPageSize = 1001,
            MaxRetries = -1,
            RetryDelay = TimeSpan.FromMinutes(2),
            AttemptTimeout = TimeSpan.Zero,
            ProgressTimeout = TimeSpan.FromDays(2),
            MinBytesPerSecond = -5,
        };

        var exception = Assert.Throws<OptionsValidationException>(() => new SupabaseStorageStore(options));

        Assert.Equal(
            string.Join('\n',
                "Url must be an absolute http or https address without a user, such as https://ref.supabase.co; it is 'ftp://host'.",
                "Key must be the project's service key, in one line and without spaces.",
                "ListPageSize must be 1 to 1000; it is 1001.",
                "MaxRetries must be 0 to 20; it is -1.",
                "RetryDelay must be 0 to 00:01:00; it is 00:02:00.",
                "AttemptTimeout must be 00:00:00.0100000 to 1.00:00:00; it is 00:00:00.",
                "ProgressTimeout must be 00:00:00.0100000 to 1.00:00:00; it is 2.00:00:00.",
                "MinBytesPerSecond must not be negative; it is -5."),
            string.Join('\n', exception.Failures));
    }

    [Fact]
    public void Create_KeyInTheAddressesPlace_DoesNotShowIt()
    {
        var options = new SupabaseStorageOptions { Url = new Uri("eyJhbGciOi.secret", UriKind.RelativeOrAbsolute), Key = "https://ref.supabase.co" };

        var exception = Assert.Throws<OptionsValidationException>(() => new SupabaseStorageStore(options));

        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative/path")]
    [InlineData("https://user@host")]
    public void Create_NoUsableUrl_Fails(string? url)
    {
        var options = new SupabaseStorageOptions { Url = url is null ? null : new Uri(url, UriKind.RelativeOrAbsolute), Key = "k" };

        Assert.Throws<OptionsValidationException>(() => new SupabaseStorageStore(options));
    }

    [Fact]
    public void Location_Always_IsTheAddressWithoutTheKey()
    {
        using var store = new SupabaseStorageStore(new SupabaseStorageOptions { Url = new Uri("https://ref.supabase.co/?apikey=abc"), Key = "secret-key" });

        Assert.Equal("https://ref.supabase.co/", store.Capabilities.Location);
    }
}
