using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Backup.Core.IntegrationTests.Postgres.Wire;

/// <summary>An authority that no machine knows, and certificates of servers signed by it.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(From, To);
    }

    /// <summary>The certificate that trusts every server signed by this authority.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>The same, packed without a password.</summary>
    public byte[] Pkcs12 => X509CertificateLoader.LoadCertificate(_certificate.RawData).Export(X509ContentType.Pkcs12);

    /// <summary>A server's certificate and key as PEM.</summary>
    /// <param name="host">The address or the name that it is made out to.</param>
    /// <param name="hash">The hash of its signature.</param>
    public (string Certificate, string Key) Issue(string host, HashAlgorithmName hash)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        var request = new CertificateRequest($"CN={host}", key, hash);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_certificate, From, To.AddDays(-1), RandomNumberGenerator.GetBytes(8));
        return (issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose() => _certificate.Dispose();
}
