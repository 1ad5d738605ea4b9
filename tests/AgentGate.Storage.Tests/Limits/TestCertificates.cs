using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AgentGate.Storage.Tests.Limits;

/// <summary>An authority of the test's own, a server's certificate for loopback, and an authority nobody asked.</summary>
internal sealed record TestCertificates(string Authority, string Server, string Key, string Stranger)
{
    public static async Task<TestCertificates> MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentgate-tls-").FullName;
        string Path(string name) => System.IO.Path.Combine(folder, name);
        using var authority = Self("CN=agentgate test authority");
        using var stranger = Self("CN=another authority");
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var server = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
        await File.WriteAllTextAsync(Path("ca.pem"), authority.ExportCertificatePem());
        await File.WriteAllTextAsync(Path("stranger.pem"), stranger.ExportCertificatePem());
        await File.WriteAllTextAsync(Path("server.pem"), server.ExportCertificatePem());
        await File.WriteAllTextAsync(Path("server.key"), key.ExportPkcs8PrivateKeyPem());
        return new TestCertificates(Path("ca.pem"), Path("server.pem"), Path("server.key"), Path("stranger.pem"));
    }

    private static X509Certificate2 Self(string name)
    {
        // The certificate owns its key from here on.
#pragma warning disable CA2000
        var request = new CertificateRequest(name, RSA.Create(2048), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
#pragma warning restore CA2000
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }
}
