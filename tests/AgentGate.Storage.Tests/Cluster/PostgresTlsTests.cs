using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Connections;

namespace AgentGate.Storage.Tests.Cluster;

/// <summary>TLS and passwords towards a PostgreSQL that demands both: pg_hba has <c>hostssl … scram-sha-256</c> and nothing else.</summary>
public sealed class PostgresTlsTests(PostgresTlsTests.SecureServer secure) : IClassFixture<PostgresTlsTests.SecureServer>
{
    private const string Password = "p@ss/wörd:%";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_demands_the_authority_and_the_host_gets_in_with_the_password_and_by_TLS()
    {
        await using var database = Open($"localhost:{secure.Port}", "ca.pem", Password);

        await new PostgresStorageInitializer(database).InitializeAsync(Stop);

        await using var command = database.Owner.CreateCommand("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
        Assert.Equal(true, await command.ExecuteScalarAsync(Stop));
        await using var presence = new ServerPresence(database);
        await presence.AnnounceAsync(Stop);
    }

    [Theory]
    [InlineData("127.0.0.1", "ca.pem", Password, "AG7012", "TLS")]
    [InlineData("localhost", "other.pem", Password, "AG7012", "TLS")]
    [InlineData("localhost", "ca.pem", "wrong password", "AG7012", "refuses the login \"secure\"")]
    public async Task Another_host_another_authority_and_a_wrong_password_are_refused(string host, string authority, string password, string code, string words)
    {
        await using var database = Open($"{host}:{secure.Port}", authority, password);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => new PostgresStorageInitializer(database).InitializeAsync(Stop));

        Assert.StartsWith(code, refused.Message, StringComparison.Ordinal);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(password, refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disable")]
    public async Task A_server_that_demands_TLS_does_not_take_a_connection_without(string mode)
    {
        await using var database = new PostgresDatabase(PostgresUrl.Read(
            "DATABASE_URL", $"postgresql://secure:{Uri.EscapeDataString(Password)}@127.0.0.1:{secure.Port}/secure?sslmode={mode}"));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => new PostgresStorageInitializer(database).InitializeAsync(Stop));

        Assert.StartsWith("AG7012", refused.Message, StringComparison.Ordinal);
    }

    private PostgresDatabase Open(string host, string authority, string password)
        => new(PostgresUrl.Read(
            "DATABASE_URL",
            $"postgresql://secure:{Uri.EscapeDataString(password)}@{host}/secure?sslmode=verify-full&sslrootcert={Uri.EscapeDataString(secure.File(authority))}"));

    /// <summary>One such server for all of them.</summary>
    public sealed class SecureServer : IAsyncLifetime
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("agentgate-tls-").FullName;
        private PostgresServer _server = null!;

        public int Port => _server.Port;

        public string File(string name) => Path.Combine(_folder, name);

        public async ValueTask InitializeAsync()
        {
            // The certificate names localhost; 127.0.0.1 is the same server under a name that it does not have.
            _server = await PostgresServer.StartAsync();
            await _server.ExecuteAsync($"SET password_encryption = 'scram-sha-256'; CREATE ROLE secure LOGIN CREATEROLE PASSWORD '{Password}'");
            await _server.ExecuteAsync("CREATE DATABASE secure OWNER secure");
            using var authority = Authority("tests");
            WriteServer(authority, Path.Combine(_server.Folder, "data"));
            await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "ca.pem"), authority.ExportCertificatePem());
            using var stranger = Authority("strangers");
            await System.IO.File.WriteAllTextAsync(Path.Combine(_folder, "other.pem"), stranger.ExportCertificatePem());
            await System.IO.File.WriteAllTextAsync(
                Path.Combine(_server.Folder, "data", "pg_hba.conf"), "hostssl all secure 127.0.0.1/32 scram-sha-256\nhost all postgres 127.0.0.1/32 trust\n");
            await _server.ExecuteAsync("ALTER SYSTEM SET ssl = on");
            await _server.ExecuteAsync("SELECT pg_reload_conf()");
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }

        private static X509Certificate2 Authority(string name)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest($"CN=AgentGate {name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
            return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        }

        private static void WriteServer(X509Certificate2 authority, string folder)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
            using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
            System.IO.File.WriteAllText(Path.Combine(folder, "server.crt"), certificate.ExportCertificatePem());
            var file = Path.Combine(folder, "server.key");
            System.IO.File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
            if (!OperatingSystem.IsWindows())
            {
                System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            if (Environment.UserName == "root")
            {
                // PostgreSQL wants its key to be its own, or root's with read for its group: here the tests' server is another user.
                LoopbackServers.RunAsync("chown", ["postgres", file, Path.Combine(folder, "server.crt")]).GetAwaiter().GetResult();
            }
        }
    }
}
