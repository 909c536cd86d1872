using Backup.Core.Postgres.Wire;

namespace Backup.Core.Tests.Postgres.Wire;

/// <summary>The exchange of RFC 7677, section 3, and what a server must not send.</summary>
public sealed class ScramExchangeTests
{
    private const string ServerFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    [Fact]
    public void Answer_ExampleOfTheRfc_IsTheExamples()
    {
        var exchange = Example();

        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", exchange.FirstMessage);
        Assert.Equal(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            exchange.Answer(ServerFirst));
        exchange.Verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    [Theory]
    [InlineData("v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")]
    [InlineData("v=")]
    [InlineData("v=?")]
    [InlineData("e=other-error")]
    [InlineData("")]
    public void Verify_AnotherSignature_Throws(string serverFinal)
    {
        var exchange = Example();
        exchange.Answer(ServerFirst);

        Assert.Throws<ProtocolException>(() => exchange.Verify(serverFinal));
    }

    [Fact]
    public void Verify_BeforeTheAnswer_Throws() => Assert.Throws<ProtocolException>(() => Example().Verify("v="));

    [Theory]
    [InlineData("")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=someoneElsesNonce,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO1,s=!,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=2000000000")]
    [InlineData("m=new,r=rOprNGfwEbeRWgbNEkqO1,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    public void Answer_MalformedMessage_Throws(string serverFirst) =>
        Assert.Throws<ProtocolException>(() => Example().Answer(serverFirst));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u00A0b", "a b")]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("caf\u00E9", "caf\u00E9")]
    [InlineData("a\u00A0\u0085", "a\u00A0\u0085")]
    public void Prepare_Password_IsMappedUnlessItHoldsWhatMustNotOccur(string password, string prepared) =>
        Assert.Equal(prepared, SaslText.Prepare(password));

    private static ScramExchange Example() => new("pencil", "n,,", [], "user", "rOprNGfwEbeRWgbNEkqO");
}
