using AgentGate.Identity;

namespace AgentGate.Server.Identity.Federation;

/// <summary>An OpenID provider, and what its identities may become here.</summary>
internal sealed class OidcProviderOptions
{
    /// <summary>The issuer, exactly as its tokens name it. https, except on this machine.</summary>
    public string? Issuer { get; set; }

    /// <summary>What this server is called there; browsers sign in with it.</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret of the client, where it has one. PKCE is used either way.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>The audience of tokens that are exchanged. Default: the client id.</summary>
    public string? Audience { get; set; }

    /// <summary>Where the provider's keys are, if not where its discovery document says.</summary>
    public string? JwksUrl { get; set; }

    /// <summary>What is asked for beside <c>openid</c>. Default <c>email profile</c>.</summary>
    public string Scopes { get; set; } = "email profile";

    /// <summary>The tenant of its users. It signs in to no other.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>Whether users are made for identities nobody knows. Default true.</summary>
    public bool CreateUsers { get; set; } = true;

    /// <summary>The role of such users where no rule says another. Default viewer; none that administers.</summary>
    public string DefaultRole { get; set; } = AgentGate.Identity.Roles.Viewer;

    /// <summary>The claim that rules look at. Nothing is taken from it without a rule.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>Which value of the claim is which role here. Of several that fit, the first counts.</summary>
    public List<RoleRule> Roles { get; } = [];

    /// <summary>Whether anything is set.</summary>
    public bool IsSet => Issuer is { Length: > 0 };

    /// <summary>What is wrong with the settings.</summary>
    public static IEnumerable<string> Faults(string section, OidcProviderOptions options)
    {
        if (!IsAddress(options.Issuer))
        {
            yield return $"{section}:Issuer must be the issuer of the provider, an https address (http on this machine only), and is required.";
        }

        if (options.JwksUrl is { Length: > 0 } keys && !IsAddress(keys))
        {
            yield return $"{section}:JwksUrl must be an https address (http on this machine only).";
        }

        if (string.IsNullOrEmpty(options.ClientId) && string.IsNullOrEmpty(options.Audience))
        {
            yield return $"{section}:ClientId or Audience is required: a token for somebody else must not be taken.";
        }

        var role = AgentGate.Identity.Roles.Parse(options.DefaultRole);
        if (role is null || role is AgentGate.Identity.Roles.Admin or AgentGate.Identity.Roles.SecurityAdmin)
        {
            yield return $"{section}:DefaultRole is \"{options.DefaultRole}\"; it is a role, and none that administers: those need a rule in {section}:Roles.";
        }

        foreach (var rule in options.Roles.Where(rule => rule.Value.Length == 0 || AgentGate.Identity.Roles.Parse(rule.Role) is null))
        {
            yield return $"{section}:Roles maps \"{rule.Value}\" to \"{rule.Role}\"; the roles are {string.Join(", ", AgentGate.Identity.Roles.All)}.";
        }
    }

    /// <summary>Whether a text is an address that may be asked: nobody in between reads or changes what it says.</summary>
    public static bool IsAddress(string? text)
        => Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0;
}

/// <summary>Which value of a claim is which role.</summary>
internal sealed class RoleRule
{
    /// <summary>The value; case counts.</summary>
    public string Value { get; set; } = string.Empty;

    /// <summary>One of <see cref="Roles.All"/>.</summary>
    public string Role { get; set; } = string.Empty;
}
