using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using AgentGate.Integration.Tests.Security;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Isolation;

/// <summary>
/// Every endpoint as one tenant, with another tenant's ids in every place a request has: path, query, body, headers. Nothing of the
/// other is told, nothing of it changes, an id of its own answers like an id nobody has, and neither metrics nor log lines tell.
/// </summary>
public sealed partial class TenantAttackTests(ITestOutputHelper output)
{
    /// <summary>Names of query parameters and body members that somebody might read a tenant or an id from.</summary>
    private static readonly string[] s_names =
    [
        "tenant", "tenant_id", "id", "call_id", "decision_id", "chain_id", "grant_id", "parent_grant_id", "principal", "principal_id", "delegate", "token_id", "node_id",
        "user", "subject", "session", "session_id", "alpha_hash", "gamma_hash", "policy_version", "version", "cursor", "key_id", "expected_active",
    ];

    [Theory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task Every_endpoint_with_the_ids_of_another_tenant_tells_nothing_and_changes_nothing(string profile)
    {
        var lines = new ConcurrentQueue<string>();
        await using var server = await TenantServer.StartAsync(profile, lines);
        using var victim = await TenantWorld.CreateAsync(server, "victim");
        using var attacker = await TenantWorld.CreateAsync(server, "attacker");
        var before = await victim.SnapshotAsync();
        string[] secrets = [.. victim.Ids, "victim", victim.Secret];
        lines.Clear();

        var (asked, leaks) = (0, new List<string>());
        foreach (var endpoint in server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(IsAsked))
        {
            foreach (var (request, sent) in Requests(endpoint, victim))
            {
                asked++;
                using var response = await attacker.Http.SendAsync(request);
                var told = await ToldAsync(response);
                leaks.AddRange(secrets.Where(secret => told.Contains(secret, StringComparison.OrdinalIgnoreCase) && !sent.Contains(secret, StringComparison.OrdinalIgnoreCase))
                    .Select(secret => $"{request.Method} {request.RequestUri}: tells \"{secret}\""));
                request.Dispose();
            }
        }

        Assert.Empty(leaks.Distinct());
        Assert.Equal(before, await victim.SnapshotAsync());

        // What the server wrote down about these requests holds nothing of the victim's that was not sent: no value, no name of a call.
        Assert.All(lines, line => Assert.DoesNotContain(victim.Secret, line, StringComparison.OrdinalIgnoreCase));

        // The attacker was not locked out on the way: the same questions about its own things are answered.
        using var own = await attacker.Http.PostAsync(Door.Chat, Door.Json(Door.Body(Door.Chat, "still here").ToJsonString()));
        Assert.Equal(200, (int)own.StatusCode);
        Assert.Contains(attacker.OneOfEach["grant"], (await attacker.GetAsync("/api/security/delegations")).ToJsonString(), StringComparison.Ordinal);
        output.WriteLine($"{profile}: {asked} requests over every endpoint, {secrets.Length} marks of the victim, 0 leaks");
        Assert.True(asked > 2_000);
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task An_id_of_another_tenant_answers_like_an_id_that_nobody_has(string profile)
    {
        await using var server = await TenantServer.StartAsync(profile, new());
        using var victim = await TenantWorld.CreateAsync(server, "victim");
        using var attacker = await TenantWorld.CreateAsync(server, "attacker");
        foreach (var endpoint in server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(IsAsked)
            .Where(endpoint => endpoint.RoutePattern.Parameters.Any(parameter => parameter.Name == "id")))
        {
            foreach (var id in victim.Ids.Where(id => !id.StartsWith("node-", StringComparison.Ordinal)))
            {
                // The same shape, so that only knowing could make a difference.
                var nobodys = HexDigit().Replace(id, match => match.Value == "0" ? "1" : "0", 8, id.Length - 8);
                var (one, other) = (await AnswerAsync(id), await AnswerAsync(nobodys));
                Assert.True(one == other, $"{endpoint.RoutePattern.RawText} tells {id} from {nobodys}:\n{one}\n{other}");

                async Task<string> AnswerAsync(string value)
                {
                    using var request = new HttpRequestMessage(Method(endpoint), Path(endpoint, value)) { Content = Door.Json("{}") };
                    using var response = await attacker.Http.SendAsync(request);
                    var text = (await response.Content.ReadAsStringAsync()).Replace(value, "ID", StringComparison.Ordinal);
                    return $"{(int)response.StatusCode} {Changing().Replace(text, "")}";
                }
            }
        }
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task What_one_tenant_spends_and_hits_is_not_counted_against_another(string profile)
    {
        await using var server = await TenantServer.StartAsync(profile, new(), new Dictionary<string, string?>
        {
            ["AgentGate:Limits:Rules:0:Name"] = "per-tenant", ["AgentGate:Limits:Rules:0:Calls"] = "30", ["AgentGate:Limits:Rules:0:Per"] = "Tenant",
            ["AgentGate:Limits:Rules:1:Name"] = "per-agent", ["AgentGate:Limits:Rules:1:Calls"] = "25", ["AgentGate:Limits:Rules:1:Per"] = "Agent",
        });
        using var victim = await TenantWorld.CreateAsync(server, "victim");
        using var attacker = await TenantWorld.CreateAsync(server, "attacker");
        for (var i = 0; i < 30; i++)
        {
            using var ignored = await attacker.Http.PostAsync(Door.Chat, Door.Json(Door.Body(Door.Chat, "again").ToJsonString()));
        }

        using var own = await attacker.Http.PostAsync(Door.Chat, Door.Json(Door.Body(Door.Chat, "again").ToJsonString()));
        using var others = await victim.Http.PostAsync(Door.Chat, Door.Json(Door.Body(Door.Chat, "mine").ToJsonString()));
        Assert.Equal((429, 200), ((int)own.StatusCode, (int)others.StatusCode));
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task Metrics_tell_of_every_tenant_and_so_only_the_operator_reads_them(string profile)
    {
        await using var server = await TenantServer.StartAsync(profile, new());
        using var victim = await TenantWorld.CreateAsync(server, "victim");
        using var attacker = await TenantWorld.CreateAsync(server, "attacker");

        using var refused = await attacker.Http.GetAsync("/metrics");
        Assert.Equal((403, "AG6005"), ((int)refused.StatusCode, refused.Code()));
        using var scrape = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        scrape.Headers.Authorization = new("Bearer", await server.CreateKeyAsync("agent_op", Pipeline.Scopes.MetricsRead));
        using var answer = await server.Http.SendAsync(scrape);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("tenant=\"victim\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(victim.Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain(victim.Principal, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_that_is_logged_for_a_tenant_says_which_and_none_holds_the_path()
    {
        var lines = new ConcurrentQueue<string>();
        await using var server = await TenantServer.StartAsync("embedded", lines);
        using var victim = await TenantWorld.CreateAsync(server, "victim");
        lines.Clear();

        await victim.PostAsync(Door.Chat, Door.Body(Door.Chat, "hello"));
        using var missing = await victim.Http.GetAsync("/api/traces/jane@corp.example");

        Assert.Contains(lines, line => line.Contains("[tenant:victim]", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("RequestPath", StringComparison.Ordinal));
    }

    private static bool IsAsked(RouteEndpoint endpoint)
        => (endpoint.Metadata.GetMetadata<ScopeRequirement>() is not null || AnonymousRoutes.All.Any(route => route.Pattern == endpoint.RoutePattern.RawText))
            && endpoint.RoutePattern.RawText is { } path
            // Public by design and the same for everybody: the size and hashes of a log (docs/log.md), the reference pages.
            && !path.StartsWith("/docs", StringComparison.Ordinal) && !path.StartsWith('_');

    private static HttpMethod Method(RouteEndpoint endpoint) => new(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET");

    private static string Path(RouteEndpoint endpoint, string value)
        => RouteParameter().Replace(endpoint.RoutePattern.RawText!, match => match.Value.Contains("tenant", StringComparison.Ordinal) ? "victim" : Uri.EscapeDataString(value));

    /// <summary>A request for each of the victim's ids in the path, and ones with them in the query, the body and the headers.</summary>
    private static IEnumerable<(HttpRequestMessage Request, string Sent)> Requests(RouteEndpoint endpoint, TenantWorld victim)
    {
        string[] values = [.. victim.Ids, victim.Principal, victim.Tenant, "1", "v1", "2", "0", "000"];
        var method = Method(endpoint);
        var hasPlace = endpoint.RoutePattern.Parameters.Count > 0;
        foreach (var value in hasPlace ? values : values[..1])
        {
            yield return (With(new HttpRequestMessage(method, Path(endpoint, value)), "{}"), value + (endpoint.RoutePattern.RawText!.Contains("{tenant}", StringComparison.Ordinal) ? "victim" : ""));
        }

        foreach (var value in (string[])[victim.Tenant, victim.Principal, victim.Session, .. victim.OneOfEach.Values])
        {
            var query = string.Join('&', s_names.Select(name => $"{name}={Uri.EscapeDataString(value)}"));
            yield return (With(new HttpRequestMessage(method, $"{Path(endpoint, value)}?{query}"), "{}"), value + "victim");
            foreach (var name in value == victim.Tenant || value == victim.OneOfEach["grant"] ? s_names : [])
            {
                yield return (With(new HttpRequestMessage(method, $"{Path(endpoint, "1")}?{name}={Uri.EscapeDataString(value)}"), $$"""{"{{name}}":"{{value}}"}"""), value + "victim");
            }

            var request = With(new HttpRequestMessage(method, Path(endpoint, value)), Body(endpoint, value));
            foreach (var header in (string[])["x-agentgate-session", "x-agentgate-delegation", "x-agentgate-tenant", "x-tenant-id", "x-tenant", "x-forwarded-user", "x-agentgate-principal"])
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }

            yield return (request, value + "victim");
        }
    }

    /// <summary>What the endpoint takes, with the victim's words in it.</summary>
    private static string Body(RouteEndpoint endpoint, string value) => endpoint.RoutePattern.RawText switch
    {
        Door.Chat => Door.Body(Door.Chat, $"restore <EMAIL_1> and <EMAIL_2> of {value}").ToJsonString(),
        "/api/security/delegation/issue" => $$"""{"delegate":"x","tenant_id":"{{value}}","allowed_actions":["callTool"],"resource_scope":["*"],"expires_at":"2099-01-01T00:00:00Z","parent_grant_id":"{{value}}"}""",
        "/api/security/delegation/revoke" => $$"""{"grant_id":"{{value}}","reason":"mine"}""",
        "/api/security/admissibility/evaluate" => $$"""{"action":"callTool","resource":"Tool:{{value}}","delegation_ref":"{{value}}"}""",
        "/api/security/counterfactual/verify" => $$"""{"steps":[{"action":"callTool","resource":"Tool:{{value}}","delegation_ref":"{{value}}"}]}""",
        "/api/security/certificate/verify" => $$"""{"decision_id":"{{value}}"}""",
        "/api/security/transparency-log/verify" => $$"""{"tenant_id":"{{value}}"}""",
        _ => $$"""{"id":"{{value}}","tenant":"{{value}}"}""",
    };

    private static HttpRequestMessage With(HttpRequestMessage request, string body)
    {
        if (request.Method != HttpMethod.Get)
        {
            request.Content = Door.Json(body);
        }

        return request;
    }

    private static async Task<string> ToldAsync(HttpResponseMessage response)
    {
        var told = new StringBuilder();
        foreach (var (name, values) in ((IEnumerable<KeyValuePair<string, IEnumerable<string>>>)response.Headers).Concat(response.Content.Headers))
        {
            told.AppendLine($"{name}: {string.Join(',', values)}");
        }

        // The origin of a log is in every tlog answer; it names the log that was asked for.
        return told.Append(await response.Content.ReadAsStringAsync()).ToString();
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex RouteParameter();

    [GeneratedRegex("[0-9]")]
    private static partial Regex HexDigit();

    [GeneratedRegex("\"(traceId|trace_id|instance|decision_id|call_id|id|created_at|not_after|at)\":\"[^\"]*\"")]
    private static partial Regex Changing();
}
