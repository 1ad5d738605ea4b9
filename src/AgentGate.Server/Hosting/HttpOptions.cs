namespace AgentGate.Server.Hosting;

/// <summary>Bounds of requests and what is said to browsers. Section <c>AgentGate:Http</c>.</summary>
internal sealed class HttpOptions
{
    public const string Section = "AgentGate:Http";

    /// <summary>The origins whose pages may use the API. The published name is ALLOWED_ORIGINS, a list with commas. Default none; in development http://localhost:3000 and http://127.0.0.1:3000.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>The names under which this server answers, without ports. Default: the host of AgentGate:SignIn:PublicUrl and the addresses it listens on; any name where it listens on all addresses.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>How long a request to /api may take. Default 60 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the headers of a request may take to arrive. Default 15 seconds.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many bytes a second a body must bring, after five seconds. Default 240.</summary>
    public double BodyBytesPerSecondMin { get; set; } = 240;

    /// <summary>How many headers a request may have. Default 100.</summary>
    public int HeadersMax { get; set; } = 100;

    /// <summary>How many bytes the headers of a request may have in all. Default 32 KiB.</summary>
    public int HeaderBytesMax { get; set; } = 32 * 1024;

    /// <summary>How many characters path and query may have. Default 8 KiB.</summary>
    public int TargetLengthMax { get; set; } = 8 * 1024;

    /// <summary>The deepest nesting of a JSON body of the API. Default 64.</summary>
    public int JsonDepthMax { get; set; } = 64;

    /// <summary>Whom to tell of a weakness, for /.well-known/security.txt: a mailto:, https: or tel: URI. Default none, and then there is no such file.</summary>
    public string? SecurityContact { get; set; }

    /// <summary>Where the policy on reported weaknesses stands. Default none.</summary>
    public string? SecurityPolicyUrl { get; set; }

    /// <summary>What cannot be used.</summary>
    public static IEnumerable<string> Faults(HttpOptions options)
    {
        foreach (var origin in options.AllowedOrigins.Where(origin => !IsOrigin(origin)))
        {
            yield return $"{Section}:AllowedOrigins (ALLOWED_ORIGINS) holds \"{origin}\"; an origin is a scheme and a host, with a port where it is not the usual one: https://app.example.org. \"*\" alone allows every origin.";
        }

        foreach (var host in options.AllowedHosts.Where(host => Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown))
        {
            yield return $"{Section}:AllowedHosts holds \"{host}\"; name hosts without scheme and port: gate.example.org.";
        }

        if (options.RequestTimeout < TimeSpan.FromSeconds(1) || options.RequestTimeout > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:RequestTimeout must be between one second and one hour.";
        }

        if (options.HeadersTimeout < TimeSpan.FromSeconds(1) || options.HeadersTimeout > TimeSpan.FromMinutes(5))
        {
            yield return $"{Section}:HeadersTimeout must be between one second and five minutes.";
        }

        if (options.BodyBytesPerSecondMin is < 1 or > 1_000_000)
        {
            yield return $"{Section}:BodyBytesPerSecondMin must be between 1 and 1000000.";
        }

        if (options.HeadersMax is < 20 or > HeadersHardMax || options.HeaderBytesMax is < 2048 or > HeaderBytesHardMax || options.TargetLengthMax is < 512 or > TargetHardMax)
        {
            yield return $"{Section}:HeadersMax must be between 20 and {HeadersHardMax}, HeaderBytesMax between 2048 and {HeaderBytesHardMax}, TargetLengthMax between 512 and {TargetHardMax}.";
        }

        if (options.JsonDepthMax is < 8 or > 512)
        {
            yield return $"{Section}:JsonDepthMax must be between 8 and 512.";
        }

        if (options.SecurityContact is { Length: > 0 } contact && !IsUri(contact, "mailto", "https", "tel"))
        {
            yield return $"{Section}:SecurityContact must be a mailto:, https: or tel: URI: mailto:security@example.org.";
        }

        if (options.SecurityPolicyUrl is { Length: > 0 } policy && !IsUri(policy, "https"))
        {
            yield return $"{Section}:SecurityPolicyUrl must be an https: URI.";
        }
    }

    /// <summary>What the web server itself refuses, without a document; what is between is refused with one.</summary>
    public const int HeadersHardMax = 400;

    /// <inheritdoc cref="HeadersHardMax"/>
    public const int HeaderBytesHardMax = 128 * 1024;

    /// <inheritdoc cref="HeadersHardMax"/>
    public const int TargetHardMax = 64 * 1024;

    private static bool IsOrigin(string text)
        => text == "*" || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https") && IsBare(text, uri));

    private static bool IsBare(string text, Uri uri) => string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase) && uri.UserInfo.Length == 0;

    private static bool IsUri(string text, params ReadOnlySpan<string> schemes)
        => !text.Any(c => char.IsControl(c) || c == ' ') && Uri.TryCreate(text, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme);
}
