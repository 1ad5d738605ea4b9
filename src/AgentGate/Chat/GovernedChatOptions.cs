using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>Who the calls of a governed chat client belong to, and where they go.</summary>
/// <remarks>Read for every call; the delegates must be thread-safe. They run in the application's own trust.</remarks>
public sealed class GovernedChatOptions
{
    /// <summary>The pseudonymous id of the principal: never a name, an e-mail or an address; it stands in the log.</summary>
    /// <value>The default gives <c>app</c>. An empty id is denied (AG6101).</value>
    public Func<ChatOptions?, string> PrincipalId { get; set; } = _ => SdkPrincipal.DefaultId;

    /// <summary>The tenant, part of every record and every PII session.</summary>
    /// <value>The default gives <c>default</c>. An empty tenant is denied (AG6101).</value>
    public Func<ChatOptions?, string> Tenant { get; set; } = _ => SdkPrincipal.DefaultTenant;

    /// <summary>The name of the PII session inside the principal's own scope: calls of one session share their tokens.</summary>
    /// <value>The default gives <see langword="null"/>: a session of its own for every call.</value>
    public Func<ChatOptions?, string?> SessionName { get; set; } = _ => null;

    /// <summary>The id of the grant the principal acts under (docs/delegation.md). What it gives is judged, not believed.</summary>
    /// <value>The default gives <see langword="null"/>: the principal acts for itself.</value>
    public Func<ChatOptions?, string?> Delegation { get; set; } = _ => null;

    /// <summary>The model that policies and records name when a call names none and the inner client knows no default.</summary>
    /// <value>The default is <see langword="null"/>: such a call is refused (AG1116).</value>
    public string? ModelId { get; set; }

    /// <summary>The provider's name in permits, records and the ids of provider-run tools.</summary>
    /// <value>The default is <see langword="null"/>: the name the inner client's metadata gives, else <c>unknown</c>.</value>
    public string? ProviderName { get; set; }
}
