using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Hosting;

/// <summary>The description of the API says of every endpoint what a caller has to know, and its page asks nobody else for anything.</summary>
public sealed partial class ApiReferenceTests
{
    /// <summary>What is no part of the API, with the reason.</summary>
    private static readonly Dictionary<string, string> s_left = new(StringComparer.Ordinal)
    {
        ["/"] = "a sign at the door",
        ["/sign-in"] = "a page",
        ["/sign-in/link"] = "a page",
        ["/register"] = "a page",
        ["/setup"] = "a page",
        ["/.well-known/security.txt"] = "the format is RFC 9116's",
        ["/api/sign-in-links"] = "the development environment's alone",
        ["/api/demo/received"] = "the development environment's alone",
        ["/metrics"] = "the format is Prometheus's",
        ["/openapi.json"] = "the description itself",
        ["/docs/api-reference"] = "a page",
        ["/api/reference"] = "a page that moved",
        ["/docs/api-reference/scalar.js"] = "a page's file",
        ["/api/auth/oidc/{provider}/start"] = "sends a browser on",
        ["/api/auth/oidc/{provider}/callback"] = "a page",
    };

    [Fact]
    public async Task Every_endpoint_is_described_with_who_may_use_it_shapes_and_examples()
    {
        await using var server = await GatewayServer.StartAsync();
        var document = JsonNode.Parse(await server.Http.GetStringAsync("/openapi.json"))!;
        var missing = new List<string>();
        foreach (var endpoint in server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (endpoint.Metadata.GetMetadata<PageRequirement>() is not null || endpoint.Metadata.GetMetadata<PublicFile>() is not null || s_left.ContainsKey(pattern))
            {
                continue;
            }

            var path = Catchall().Replace(pattern, "{$1}");
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                var operation = document["paths"]?[path.Length > 1 ? path.TrimEnd('/') : path]?[method.ToLowerInvariant()];
                missing.AddRange(Missing(operation, endpoint).Select(what => $"{method} {pattern}: {what}"));
            }
        }

        Assert.True(missing.Count == 0, string.Join('\n', missing));
        Assert.Equal(["cookie", "key", "token"], document["components"]!["securitySchemes"]!.AsObject().Select(scheme => scheme.Key).Order());
        Assert.Equal("AgentGate", document["info"]!["title"]!.GetValue<string>());
    }

    private static IEnumerable<string> Missing(JsonNode? operation, RouteEndpoint endpoint)
    {
        if (operation is null)
        {
            yield return "is not described";
            yield break;
        }

        if (operation["summary"]?.GetValue<string>() is not { Length: > 5 })
        {
            yield return "has no summary";
        }

        if (operation["tags"]?.AsArray().Count is null or 0)
        {
            yield return "has no tag";
        }

        var guarded = endpoint.Metadata.GetMetadata<ScopeRequirement>() is not null || endpoint.Metadata.GetMetadata<CallerRequirement>() is not null;
        var responses = operation["responses"]!.AsObject();
        if (guarded != operation["security"] is JsonArray { Count: > 0 })
        {
            yield return "does not say who may use it";
        }

        if (guarded && !(responses.ContainsKey("401") && responses.ContainsKey("403")))
        {
            yield return "does not say how it refuses";
        }

        if (!responses.Any(response => response.Key[0] is '2' or '3'))
        {
            yield return "has no answer";
        }

        if (endpoint.Metadata.GetMetadata<BodyShape>() is not null && operation["requestBody"] is null)
        {
            yield return "does not say what it reads";
        }

        foreach (var (what, holder) in responses.Select(response => (response.Key, response.Value)).Append(("the request", operation["requestBody"])))
        {
            if (holder is null)
            {
                continue;
            }

            if (what != "the request" && holder["description"]?.GetValue<string>() is not { Length: > 0 })
            {
                yield return $"{what} has no description";
            }

            // These have nothing to show.
            if (holder["content"] is not JsonObject { Count: > 0 } content)
            {
                if (what is not ("202" or "204" or "302" or "308"))
                {
                    yield return $"{what} has no shape";
                }

                continue;
            }

            foreach (var (type, media) in content)
            {
                if (media!["schema"] is null)
                {
                    yield return $"{what} {type} has no schema";
                }

                if (media["example"] is null)
                {
                    yield return $"{what} {type} has no example";
                }
            }
        }
    }

    [Fact]
    public async Task The_page_runs_its_own_program_alone_and_asks_no_other_host()
    {
        await using var server = await GatewayServer.StartAsync();
        using var response = await server.Http.GetAsync("/docs/api-reference");
        var page = await response.Content.ReadAsStringAsync();
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        var nonce = Nonce().Match(policy).Groups[1].Value;
        Assert.True(nonce.Length > 16);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src 'self' 'unsafe-inline'", policy, StringComparison.Ordinal);
        Assert.All(Script().Matches(page), script => Assert.Contains($"nonce=\"{nonce}\"", script.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("://", page + policy, StringComparison.Ordinal);

        using var again = await server.Http.GetAsync("/docs/api-reference");
        Assert.NotEqual(policy, again.Headers.GetValues("Content-Security-Policy").Single());
        var script = await server.Http.GetStringAsync("/docs/api-reference/scalar.js");
        Assert.Contains("createApiReference", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 401, 403, 200)]
    [InlineData("admin", 401, 403, 200)]
    [InlineData("authenticated", 401, 200, 200)]
    [InlineData("public", 200, 200, 200)]
    public async Task Outside_development_the_setting_says_who_reads_it(string? mode, int nobody, int viewer, int admin)
    {
        await using var server = await GatewayServer.StartAsync(
            environment: "Production", settings: mode is null ? null : new Dictionary<string, string?> { ["API_REFERENCE_ACCESS_MODE"] = mode });
        var (_, asAdmin) = await server.PersonAsync(Roles.Admin);
        var (_, asViewer) = await server.PersonAsync(Roles.Viewer);
        using var asNobody = server.Client(null);
        foreach (var path in (string[])["/openapi.json", "/docs/api-reference", "/docs/api-reference/scalar.js"])
        {
            Assert.Equal((nobody, viewer, admin), ((await asNobody.AskAsync("GET", path)).Status, (await asViewer.AskAsync("GET", path)).Status, (await asAdmin.AskAsync("GET", path)).Status));
        }
    }

    [Fact]
    public async Task A_mode_that_nobody_knows_stops_the_start()
    {
        var stopped = await Assert.ThrowsAsync<InvalidOperationException>(
            () => GatewayServer.StartAsync(settings: new Dictionary<string, string?> { ["API_REFERENCE_ACCESS_MODE"] = "everybody" }));
        Assert.StartsWith(Codes.ConfigurationInvalid, stopped.Message, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\{\**([A-Za-z_]+)[^}]*\}")]
    private static partial Regex Catchall();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    [GeneratedRegex("<script[^>]*>")]
    private static partial Regex Script();
}
