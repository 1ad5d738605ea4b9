using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Keys;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Isolation;

/// <summary>
/// A tenant with something in every store, all of it marked: whatever another tenant is told of it is recognised. Made over the API,
/// as a tenant makes it.
/// </summary>
internal sealed class TenantWorld : IDisposable
{
    private TenantWorld(string tenant, string url, string key)
    {
        (Tenant, Key) = (tenant, key);
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(url) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Whose it is. Everything it made has this word in it.</summary>
    public string Tenant { get; }

    public string Principal => $"agent_{Tenant}";

    public string Session => $"session-{Tenant}";

    public string Secret => Tenant == "victim" ? "victim@corp.example" : "other@corp.example";

    public string Key { get; }

    /// <summary>A client that carries its key.</summary>
    public HttpClient Http { get; }

    /// <summary>Ids of what it made: nobody else's answer may hold one.</summary>
    public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

    /// <summary>One id of each kind of thing: key, grant in force, honey token, node, decision, call.</summary>
    public Dictionary<string, string> OneOfEach { get; } = new(StringComparer.Ordinal);

    /// <summary>Makes a tenant's key with every scope, and one thing of each kind.</summary>
    public static async Task<TenantWorld> CreateAsync(GatewayServer server, string tenant)
    {
        var created = await server.App.Services.GetRequiredService<ApiKeyService>().CreateAsync(
            new NewApiKey { Tenant = tenant, Name = tenant, PrincipalId = $"agent_{tenant}", Scopes = [.. Scopes.All] }, CancellationToken.None);
        var world = new TenantWorld(tenant, server.Url, created.Text);
        world.Add("key", created.Key.Id);
        await world.CallAsync();
        await world.GrantAsync();
        await world.DeceiveAsync();
        await world.RegisterAsync();
        await world.WritePoliciesAsync();
        await world.CallAsync();
        Collect(await world.GetAsync("/api/audit?limit=200"), world.Ids);
        Assert.True(world.Ids.Count > 10);
        return world;
    }

    /// <summary>All that its own key reads, to see that nobody else changed it.</summary>
    public async Task<string> SnapshotAsync()
    {
        var all = new StringBuilder();
        foreach (var path in (string[])
            ["/api/policies", "/api/policies/history", "/api/policies/active", "/api/security/delegations", "/api/security/global-revocations", "/api/security/honey-tokens",
                "/api/security/honey-tokens/triggers", "/api/security/safety-nodes", "/api/security/certificates/stats", "/api/traces?limit=100", "/api/budgets"])
        {
            all.AppendLine($"{path}: {(await GetAsync(path)).ToJsonString()}");
        }

        return all.ToString();
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    public async Task<JsonNode> PostAsync(string path, JsonNode body, bool isPut = false)
    {
        using var response = isPut ? await Http.PutAsync(path, Door.Json(body.ToJsonString())) : await Http.PostAsync(path, Door.Json(body.ToJsonString()));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        foreach (var header in (string[])["x-agentgate-decision", "x-agentgate-call-id"])
        {
            if (response.Headers.TryGetValues(header, out var values))
            {
                Add(header, values.Single());
            }
        }

        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    public void Dispose() => Http.Dispose();

    private void Add(string kind, string id)
    {
        Ids.Add(id);
        OneOfEach[kind] = id;
    }

    /// <summary>Every id in an answer, wherever it stands.</summary>
    private static void Collect(JsonNode? node, HashSet<string> ids)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (name is "id" or "call_id" or "decision_id" && value is JsonValue text && text.TryGetValue<string>(out var id) && id.Length >= 32)
                    {
                        ids.Add(id);
                    }

                    Collect(value, ids);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, ids);
                }

                break;
        }
    }

    private async Task CallAsync()
    {
        Http.DefaultRequestHeaders.Remove("x-agentgate-session");
        Http.DefaultRequestHeaders.Add("x-agentgate-session", Session);
        await PostAsync(Door.Chat, Door.Body(Door.Chat, $"I am {Secret}, of {Tenant}"));
    }

    private async Task GrantAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var grant = await PostAsync("/api/security/delegation/issue", new JsonObject
            {
                ["delegate"] = $"delegate_{Tenant}", ["allowed_actions"] = new JsonArray("callTool"), ["resource_scope"] = new JsonArray($"Tool:{Tenant}/*"),
                ["expires_at"] = TimeProvider.System.GetUtcNow().AddHours(1).ToString("O"),
            });
            var id = grant["grant_id"]!.GetValue<string>();
            Add("grant", id);
            if (i == 0)
            {
                await PostAsync("/api/security/delegation/revoke", new JsonObject { ["grant_id"] = id, ["reason"] = $"{Tenant} left" });
            }
        }
    }

    private async Task DeceiveAsync()
    {
        var token = await PostAsync("/api/security/honey-tokens", new JsonObject { ["token_type"] = "TOOL", ["name"] = $"canary_{Tenant}", ["resource_pattern"] = $"{Tenant}/vault" });
        Add("honey token", token["token_id"]!.GetValue<string>());
    }

    private async Task RegisterAsync()
    {
        var key = Convert.ToBase64String(NodeKey()).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        await PostAsync("/api/security/safety-nodes", new JsonObject { ["node_id"] = $"node-{Tenant}", ["url"] = "http://127.0.0.1:9/", ["public_key"] = key });
        Add("node", $"node-{Tenant}");
    }

    private byte[] NodeKey()
    {
        using var key = Kernel.Signing.SigningKey.Create(Kernel.Signing.SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat((byte)Tenant.Length, 32)]);
        return key.PublicKey.PublicKey.ToArray();
    }

    private async Task WritePoliciesAsync()
    {
        var text = $"@id(\"all_{Tenant}\") permit (principal, action, resource);\n@id(\"not_{Tenant}\") forbid (principal, action == AgentGate::Action::\"callTool\", resource == AgentGate::Tool::\"{Tenant}_secret\");";
        var draft = await PostAsync("/api/policies", new JsonObject { ["text"] = text, ["note"] = $"of {Tenant}" });
        await PostAsync("/api/policies", new JsonObject { ["text"] = text + "\n", ["note"] = $"a draft of {Tenant}" });
        await PostAsync($"/api/policies/{draft["id"]!.ToString()}/activate", new JsonObject { ["expected_active"] = 0, ["force"] = true });
    }
}
