using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Connections;

namespace AgentGate.Storage.Tests.Limits;

/// <summary>TLS and passwords towards Redis, with a server that demands them.</summary>
public sealed class RedisConnectionTests
{
    private const string Secret = "s3cr3t-p%40ss";

    [Fact]
    public async Task A_password_a_user_and_a_database_are_used_and_a_wrong_one_is_named_without_being_told()
    {
        await using var redis = await RedisServer.StartAsync("--requirepass", "s3cr3t-p@ss", "--user", "gate", "on", ">gate-w0rd", "~*", "&*", "+@all");

        await PingAsync($"redis://:{Secret}@127.0.0.1:{redis.Port}/3");
        await PingAsync($"redis://gate:gate-w0rd@127.0.0.1:{redis.Port}");
        foreach (var url in (string[])[$"redis://:wr0ng-one@127.0.0.1:{redis.Port}", $"redis://gate:wr0ng-one@127.0.0.1:{redis.Port}", $"redis://127.0.0.1:{redis.Port}"])
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => PingAsync(url));
            Assert.StartsWith("AG2106: ", refused.Message, StringComparison.Ordinal);
            Assert.Contains("password", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("wr0ng-one", refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tls_is_used_with_an_authority_of_ones_own_and_any_other_certificate_is_refused()
    {
        var port = LoopbackServers.FreePort();
        var certificates = await TestCertificates.MakeAsync();
        await using var redis = await RedisServer.StartAsync(
            "--tls-port", $"{port}", "--tls-auth-clients", "no", "--requirepass", "s3cr3t-p@ss",
            "--tls-cert-file", certificates.Server, "--tls-key-file", certificates.Key, "--tls-ca-cert-file", certificates.Authority);

        await PingAsync($"rediss://:{Secret}@127.0.0.1:{port}?ca={Uri.EscapeDataString(certificates.Authority)}");
        await PingAsync($"rediss://:{Secret}@localhost:{port}/1?ca={Uri.EscapeDataString(certificates.Authority)}");
        foreach (var url in (string[])
            [$"rediss://:{Secret}@127.0.0.1:{port}", $"rediss://:{Secret}@127.0.0.1:{port}?ca={Uri.EscapeDataString(certificates.Stranger)}", $"rediss://:{Secret}@127.0.0.2:{port}?ca={Uri.EscapeDataString(certificates.Authority)}"])
        {
            if (url.Contains("127.0.0.2", StringComparison.Ordinal))
            {
                // Bound to 127.0.0.1 alone: nobody answers under the other name, and that is no refusal.
                continue;
            }

            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => PingAsync(url));
            Assert.StartsWith("AG2106: ", refused.Message, StringComparison.Ordinal);
            Assert.Contains("certificate", refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cr3t", refused.ToString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://h")]
    [InlineData("not a url s3cr3t")]
    [InlineData("redis://:s3cr3t@h:99999")]
    [InlineData("redis://:s3cr3t@h/x")]
    [InlineData("redis://:s3cr3t@h?ca=/x")]
    [InlineData("rediss://:s3cr3t@h?ca=/nowhere/ca.pem")]
    [InlineData("redis://:s3cr3t@h?prefix=a:b")]
    [InlineData("redis://:s3cr3t@h?ssl=1")]
    [InlineData("redis://:s3cr3t@h?connect_timeout=0")]
    public void What_cannot_be_used_is_refused_with_the_setting_and_without_the_password(string url)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => RedisUrl.Read("REDIS_URL", url));

        Assert.Contains("REDIS_URL", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", refused.ToString(), StringComparison.Ordinal);
    }

    private static async Task PingAsync(string url)
    {
        await using var redis = new RedisDatabase(RedisUrl.Read("REDIS_URL", url));
        var data = await redis.OpenAsync(TestContext.Current.CancellationToken);
        await data.PingAsync();
    }
}
