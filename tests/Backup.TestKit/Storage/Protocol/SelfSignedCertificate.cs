using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Backup.TestKit.Storage.Protocol;

/// <summary>Makes a certificate for the loopback that lasts as long as a test.</summary>
internal static class SelfSignedCertificate
{
    public static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
