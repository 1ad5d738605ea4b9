using AgentGate.Keys;
using AgentGate.Pipeline;

namespace AgentGate.Server.Hosting;

/// <summary>The key that <c>./run demo</c> prints and writes to <c>demo.key</c>. It exists in the development environment only.</summary>
internal sealed class DemoKey(StateDirectory state, ApiKeyService keys, IHostEnvironment environment)
{
    private const string Name = "demo";

    /// <summary>The scopes of the demo key: the doors, traces, the audit log, budgets, what the demo provider received, sign-in links, policies, grants, honey tokens, guardrails, certificates.</summary>
    public static IReadOnlyList<string> DemoScopes { get; } =
        [Scopes.Doors, Scopes.TracesRead, Scopes.AuditRead, Scopes.AuditVerify, Scopes.AuditExport, Scopes.DemoRead, Scopes.BudgetsRead, Scopes.PagesLink,
         Scopes.PoliciesRead, Scopes.PoliciesWrite, Scopes.AdmissibilityEvaluate, Scopes.NodesRead,
         Scopes.DelegationRead, Scopes.DelegationWrite, Scopes.DeceptionRead, Scopes.DeceptionWrite, Scopes.GuardrailsRead, Scopes.GuardrailsWrite, Scopes.CertificatesRead];

    /// <summary>Gives the demo key in development; anywhere else, revokes the one an earlier demo left.</summary>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment())
        {
            await RevokeAsync(cancellationToken);
            return null;
        }

        if (File.Exists(state.DemoKey))
        {
            var text = (await File.ReadAllTextAsync(state.DemoKey, cancellationToken)).Trim();
            if (await keys.AuthenticateAsync(text, cancellationToken) is { } principal)
            {
                if (DemoScopes.All(scope => principal.Scopes.Contains(scope)))
                {
                    return text;
                }

                // Made by a server that knew fewer scopes.
                await RevokeAsync(cancellationToken);
            }
        }

        var created = await keys.CreateAsync(
            new NewApiKey { Tenant = Tenants.Default, Name = Name, PrincipalId = "agent_demo", Scopes = [.. DemoScopes] }, cancellationToken);
        StateDirectory.WriteOwned(state.DemoKey, created.Text + "\n");
        return created.Text;
    }

    private async Task RevokeAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await keys.ListAsync(Tenants.Default, cancellationToken))
        {
            if (key is { Name: Name, PrincipalId: "agent_demo" } && key.RevokedAt is null)
            {
                await keys.RevokeAsync(Tenants.Default, key.Id, cancellationToken);
            }
        }

        File.Delete(state.DemoKey);
    }
}
