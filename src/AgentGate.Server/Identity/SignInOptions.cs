namespace AgentGate.Server.Identity;

/// <summary>How long signing in is good. Section <c>AgentGate:SignIn</c>.</summary>
internal sealed class SignInOptions
{
    public const string Section = "AgentGate:SignIn";

    /// <summary>How long an access token is good. Default 15 minutes; 1 to 60.</summary>
    public TimeSpan AccessToken { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a session of tokens lasts in all, however often it is refreshed. Default 7 days.</summary>
    public TimeSpan TokenSession { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a browser's session lasts in all. Default 8 hours.</summary>
    public TimeSpan CookieSession { get; set; } = TimeSpan.FromHours(8);

    /// <summary>How long what was read about a session is believed where nobody tells of changes. Default 30 seconds; in a cluster changes are followed within a second.</summary>
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The issuer in access tokens. Default: the address under which the server was asked is not used; <c>agentgate</c>.</summary>
    public string Issuer { get; set; } = "agentgate";

    /// <summary>Where people reach this server, for example <c>https://gate.example.org</c>. Default: the address it listens on.</summary>
    public string? PublicUrl { get; set; }

    /// <summary>Whether anybody may register, as a viewer. Default false: by invitation alone.</summary>
    public bool AllowRegistration { get; set; }

    /// <summary>Origins beside this server's own whose pages may run the first-run setup, for example <c>https://dash.example.org</c>.</summary>
    public List<string> AllowedOrigins { get; } = [];

    /// <summary>How many sign-ins one address may try in a minute. Default 10; an IPv6 address counts by its /64.</summary>
    public int AddressTriesPerMinute { get; set; } = 10;

    /// <summary>How many sign-ins one address may try in an hour. Default 100.</summary>
    public int AddressTriesPerHour { get; set; } = 100;

    /// <summary>After how many failed tries within an hour an account asks for a CAPTCHA. Default 3.</summary>
    public int CaptchaAfter { get; set; } = 3;

    /// <summary>After how many failed tries within an hour an account is locked. Default 10.</summary>
    public int LockAfter { get; set; } = 10;

    /// <summary>How long the first lock lasts; each further one within a day twice as long, up to a day. Default 15 minutes.</summary>
    public TimeSpan LockFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long an invitation is good. Default 7 days.</summary>
    public TimeSpan Invitation { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Roles that may use the tools of the MCP server outside development. Default: admin.</summary>
    public List<string> McpPrivilegedRoles { get; } = [];

    /// <summary>What is wrong with the settings.</summary>
    public static IEnumerable<string> Faults(SignInOptions options)
    {
        if (options.AccessToken < TimeSpan.FromMinutes(1) || options.AccessToken > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:AccessToken must be between one minute and one hour.";
        }

        foreach (var (name, value, most) in new[]
        {
            (nameof(TokenSession), options.TokenSession, TimeSpan.FromDays(90)), (nameof(CookieSession), options.CookieSession, TimeSpan.FromDays(30)),
            (nameof(LockFor), options.LockFor, TimeSpan.FromDays(1)), (nameof(Invitation), options.Invitation, TimeSpan.FromDays(90)),
        })
        {
            if (value < TimeSpan.FromMinutes(1) || value > most)
            {
                yield return $"{Section}:{name} must be between one minute and {most.TotalDays:0} days.";
            }
        }

        if (options.CaptchaAfter is < 1 or > 100 || options.LockAfter < options.CaptchaAfter || options.LockAfter > 1000)
        {
            yield return $"{Section}:CaptchaAfter must be between 1 and 100, and LockAfter between it and 1000.";
        }

        if (options.AddressTriesPerMinute < 1 || options.AddressTriesPerHour < options.AddressTriesPerMinute)
        {
            yield return $"{Section}:AddressTriesPerMinute must be at least 1, and AddressTriesPerHour no less than it.";
        }

        foreach (var origin in options.AllowedOrigins.Append(options.PublicUrl ?? "http://localhost"))
        {
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath != "/" || uri.Query.Length > 0)
            {
                yield return $"{Section}: \"{origin}\" is no origin; write scheme, host and port, for example https://gate.example.org.";
            }
        }
    }
}
