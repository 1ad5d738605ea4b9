using AgentGate.Diagnostics;

namespace AgentGate.Server.Hosting;

/// <summary>
/// The environment variables of AgentGate 1.0 that have no place here. One whose being passed over would leave the server more open than its
/// operator thinks stops the start; any other is named in a warning. docs/configuration.md says of each why.
/// </summary>
internal static partial class PublishedNames
{
    private static readonly string[] s_secrets =
        ["DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "AGENTGATE_HMAC_SECRET", "AGENTGATE_DECISION_SIGNING_KEY", "PII_VAULT_ENCRYPTION_KEY", "SECURITY_ALERT_WEBHOOK_SECRET", "HCAPTCHA_SECRET"];

    /// <summary>What stops the start: the name, the values that do (none for any), and the way out.</summary>
    private static readonly (string Name, string[] Values, string Way)[] s_refused =
    [
        ("ALLOW_PRODUCTION_LOCAL_AUTH", ["false", "0", "no", "off"], "passwords are taken in the mode local in every environment. Set IDENTITY_PROVIDER_MODE=custom_oidc to take none, and leave this out."),
        ("ROLE_OPERATOR_ALIAS_ENABLED", ["false", "0", "no", "off"], "operator is always another word for approver. Leave it out."),
        ("API_KEY_WILDCARD_ROLES", [], "which roles may make a key of all their scopes is fixed: admin and security_admin (docs/keys.md). Leave it out."),
        ("API_KEY_MCP_SCOPE_ROLES", [], "a key carries scopes its owner's role carries, and no others (docs/keys.md). Leave it out."),
        ("API_KEY_ALLOWED_CUSTOM_SCOPES", [], "there are no custom scopes (docs/roles.md). Leave it out."),
        ("DATABASE_AUTH_MODE", ["entra_token"], "the login to PostgreSQL is the one in DATABASE_URL. Set password, or leave it out."),
        ("AGENTGATE_DB_AUTH_MODE", ["entra_token"], "the login to PostgreSQL is the one in DATABASE_URL. Set password, or leave it out."),
        ("MCP_REQUIRED_SCOPES", [], "privileged MCP tools are told apart by roles: AgentGate:SignIn:McpPrivilegedRoles. Leave it out."),
        ("AGENTGATE_MASTER_KEY_FILE", [], "the master key is PII_VAULT_ENCRYPTION_KEY, or vault.key in the state directory. Leave it out."),
        ("AGENTGATE_HONEY_SALT", [], "what honey tokens are digested under comes from the master key; those of 1.0 have to be set anew. Leave it out."),
        .. s_secrets.Select(static name => (name + "_FILE", Array.Empty<string>(), $"secrets are not read from files that variables name. Set {name} itself, or leave it out.")),
    ];

    /// <summary>What is passed over and named: nothing is more open without it.</summary>
    private static readonly string[] s_ignored =
    [
        "SECRET_KEY", "ALLOW_SECRET_KEY_FALLBACK", "DEFAULT_ADMIN_EMAIL", "DEFAULT_ADMIN_PASSWORD", "TESTING", "AUDIT_PIPELINE", "ENABLE_MCP", "DISABLE_LOG_SETUP", "SQL_ECHO",
        "AGENTGATE_DASHBOARD_URL", "REDIS_HOST", "REDIS_PORT", "REDIS_DB", "REDIS_PASSWORD", "DATABASE_POOL_SIZE", "DATABASE_MAX_OVERFLOW", "DATABASE_POOL_TIMEOUT",
        "DATABASE_POOL_RECYCLE", "DATABASE_POOL_DISABLED", "DATABASE_TOKEN_EXPIRY_SAFETY_SECONDS", "NEXTAUTH_URL", "NEXTAUTH_SECRET", "AGENTGATE_Z3_MODE",
        "AGENTGATE_FORCE_REMOTE_VERIFICATION", "AGENTGATE_KEYRING_SERVICE", "PII_VAULT_INTEGRITY_KEY", "SECURITY_ALERT_MAX_DURING_COOLDOWN", "MCP_PRIVILEGED_ROLES",
    ];

    /// <summary>Stops the start where a variable would be passed over to the operator's harm.</summary>
    /// <exception cref="InvalidOperationException">The message names the variable, never its value, and the way out.</exception>
    public static void Demand(IConfiguration configuration)
    {
        foreach (var (name, values, way) in s_refused)
        {
            if (configuration[name] is { Length: > 0 } value && (values.Length == 0 || values.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase)))
            {
                throw new InvalidOperationException($"{Codes.ConfigurationInvalid}: {name} has no place here: {way}");
            }
        }

        // A quorum that is configured and not asked would be no quorum.
        if (configuration.AsEnumerable().FirstOrDefault(static pair => pair.Key.StartsWith("AGENTGATE_CONSENSUS_", StringComparison.OrdinalIgnoreCase) && pair.Value is { Length: > 0 }) is { Key: { } quorum })
        {
            throw new InvalidOperationException($"{Codes.ConfigurationInvalid}: {quorum} has no place here: a quorum is configured in AgentGate:SafetyNodes (docs/safety-nodes.md).");
        }
    }

    /// <summary>Names what is passed over.</summary>
    public static void Tell(IConfiguration configuration, ILogger logger)
    {
        if (s_ignored.Where(name => configuration[name] is { Length: > 0 }).ToArray() is { Length: > 0 } ignored)
        {
            Log.Ignored(logger, string.Join(", ", ignored));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7025, LogLevel.Warning, Codes.PublishedNameIgnored + ": passed over, because nothing here obeys them: {Names}. docs/configuration.md says what took their place.")]
        public static partial void Ignored(ILogger logger, string names);
    }
}
