using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Backup.Core.Postgres.Wire;

/// <summary>The channel binding <c>tls-server-end-point</c>: the hash of the server's certificate (RFC 5929, section 4).</summary>
internal static class TlsEndPointBinding
{
    /// <summary>The client's GS2 header that names this binding.</summary>
    public const string Header = "p=tls-server-end-point,,";

    /// <summary>The binding's data; <see langword="null"/> when no hash is defined for the certificate's kind of signature.</summary>
    public static byte[]? Find(X509Certificate certificate)
    {
        var encoded = certificate.GetRawCertData();
        using var parsed = X509CertificateLoader.LoadCertificate(encoded);
        return parsed.SignatureAlgorithm.Value switch
        {
            // MD5 and SHA-1 are replaced by SHA-256. The names: RSA and ECDSA with each of the hashes.
            "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1"
                or "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => SHA256.HashData(encoded),
            "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => SHA384.HashData(encoded),
            "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => SHA512.HashData(encoded),
            _ => null,
        };
    }
}
