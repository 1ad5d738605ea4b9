using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentGate.Diagnostics;
using StackExchange.Redis;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>
/// Reads <c>REDIS_URL</c>: <c>redis://user:password@host:6379/0</c>, or with TLS <c>rediss://…?ca=/path/ca.pem</c>. The published form
/// (IANA's <c>redis</c> and <c>rediss</c> schemes); parameters are <c>ca</c>, <c>prefix</c> and <c>connect_timeout</c> (seconds).
/// </summary>
/// <param name="Options">How to connect.</param>
/// <param name="Prefix">What the keys begin with, so that deployments can share one server.</param>
internal sealed record RedisUrl(ConfigurationOptions Options, string Prefix)
{
    private const int PrefixMax = 32;

    /// <summary>Host and port, for messages.</summary>
    public string Name => string.Join(", ", Options.EndPoints.Select(point => point.ToString()));

    /// <summary>Reads a URL.</summary>
    /// <param name="name">The setting it stands in, for the message.</param>
    /// <param name="text">The URL.</param>
    /// <exception cref="InvalidOperationException">It cannot be used; the message names the setting and never the password.</exception>
    public static RedisUrl Read(string name, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("redis" or "rediss") || url.Host.Length == 0
            || url.Fragment.Length > 0 || url.PathAndQuery.Contains('@', StringComparison.Ordinal))
        {
            // The text holds a password: nothing of it is repeated.
            throw Unfit(name, "it cannot be read. Write redis://user:password@host:6379/0, or rediss:// for TLS, with % escapes for special characters in the password");
        }

        var options = new ConfigurationOptions
        {
            ClientName = "agentgate",
            Ssl = url.Scheme == "rediss",
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AbortOnConnectFail = false,

            // INFO says which run the server is in; the library counts it among the commands of administrators.
            AllowAdmin = true,
            ConnectTimeout = 3_000,
            AsyncTimeout = 2_000,
            SyncTimeout = 2_000,
            ConnectRetry = 1,
            ReconnectRetryPolicy = new LinearRetry(250),

            // What cannot be sent now is not sent: its caller gets the rule's declared behaviour at once.
            BacklogPolicy = BacklogPolicy.FailFast,
        };
        options.EndPoints.Add(url.Host.Trim('[', ']'), url.Port < 0 ? 6379 : url.Port);
        if (options.Ssl)
        {
            options.SslHost = url.Host.Trim('[', ']');
        }

        ReadUser(options, url.UserInfo);
        if (url.AbsolutePath.Trim('/') is { Length: > 0 } number)
        {
            options.DefaultDatabase = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var database)
                ? database
                : throw Unfit(name, "the path is the number of a database, for example /0");
        }

        var prefix = "agentgate";
        foreach (var part in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            var value = Uri.UnescapeDataString(pair.Length == 2 ? pair[1] : string.Empty);
            switch (pair[0])
            {
                case "ca" when options.Ssl:
                    Trust(name, options, value);
                    break;
                case "ca":
                    throw Unfit(name, "\"ca\" needs TLS: write rediss://");
                case "prefix" when value.Length is > 0 and <= PrefixMax && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'):
                    prefix = value;
                    break;
                case "prefix":
                    throw Unfit(name, $"prefix is 1 to {PrefixMax} letters, digits, \"-\", \"_\" or \".\"");
                case "connect_timeout" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 60:
                    options.ConnectTimeout = seconds * 1_000;
                    break;
                case "connect_timeout":
                    throw Unfit(name, "connect_timeout is 1 to 60 seconds");
                default:
                    throw Unfit(name, $"{PostgresUrl.Parameter(pair[0])} is not known; they are ca, prefix, connect_timeout");
            }
        }

        return new RedisUrl(options, prefix);
    }

    private static void ReadUser(ConfigurationOptions options, string userInfo)
    {
        var user = userInfo.Split(':', 2);
        if (user.Length == 2)
        {
            options.User = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null;
            options.Password = Uri.UnescapeDataString(user[1]);
        }
        else if (user[0].Length > 0)
        {
            options.User = Uri.UnescapeDataString(user[0]);
        }
    }

    /// <summary>Trusts what one authority of the operator's own signed, and nothing else; the name must fit as ever.</summary>
    private static void Trust(string name, ConfigurationOptions options, string path)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPemFile(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw Unfit(name, $"the certificates of ca ({path}) cannot be read");
        }

        if (authorities.Count == 0)
        {
            throw Unfit(name, $"ca ({path}) holds no certificate");
        }

        options.CertificateValidation += (_, certificate, sent, errors) =>
        {
            if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
            {
                return false;
            }

            using var chain = new X509Chain
            {
                ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck },
            };
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
            foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
            {
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
            }

            using var own = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
            return chain.Build(own);
        };
    }

    private static InvalidOperationException Unfit(string name, string why) => new($"{Codes.ConfigurationInvalid}: {name}: {why}.");
}
