using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace Backup.Core.Postgres.Wire;

/// <summary>Judges the server's certificate as Npgsql does: not at all below <c>VerifyCA</c>.</summary>
/// <remarks>See <see href="https://www.npgsql.org/doc/security.html#encryption-ssltls"/>.</remarks>
internal static class ServerCertificateCheck
{
    /// <summary>The check that the target asks for.</summary>
    public static RemoteCertificateValidationCallback For(WireTarget target) => (_, certificate, chain, errors) => target.SslMode switch
    {
        SslMode.VerifyFull => IsTrusted(target, certificate, chain, errors),
        SslMode.VerifyCA => IsTrusted(target, certificate, chain, errors & ~SslPolicyErrors.RemoteCertificateNameMismatch),
        _ => true,
    };

    /// <summary>Whether revoked certificates are looked for: never where any certificate will do.</summary>
    public static X509RevocationMode RevocationMode(WireTarget target) =>
        target is { ChecksRevocation: true, SslMode: SslMode.VerifyCA or SslMode.VerifyFull } ? X509RevocationMode.Online : X509RevocationMode.NoCheck;

    private static bool IsTrusted(WireTarget target, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return true;

        // Any other fault than an authority that the machine does not know stays one.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || target.RootCertificate is null || certificate is null || chain is null)
            return false;

        var given = Load(target.RootCertificate);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(given);
        // The file may hold certificates of authorities in between as well.
        chain.ChainPolicy.ExtraStore.AddRange(given);
        return chain.Build(certificate as X509Certificate2 ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()));
    }

    // A file that holds no PEM is PKCS 12 to Npgsql, whatever its name.
    private static X509Certificate2Collection Load(string file)
    {
        var certificates = new X509Certificate2Collection();
        if (!string.Equals(Path.GetExtension(file), ".pfx", StringComparison.OrdinalIgnoreCase))
            certificates.ImportFromPemFile(file);
        if (certificates.Count == 0)
            certificates.Add(X509CertificateLoader.LoadPkcs12FromFile(file, password: null));
        return certificates;
    }
}
