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
}
