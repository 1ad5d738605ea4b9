using System.Net.Http.Headers;
using AgentGate.Pipeline;
using AgentGate.Diagnostics;
using AgentGate.Keys;
using AgentGate.Server.Access;
using AgentGate.Server.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Security;

/// <summary>Authorization of every endpoint by default.</summary>
public sealed class AuthorizationTests(ITestOutputHelper output)
{
    private static List<RouteEndpoint> Endpoints(GatewayServer server)
        => [.. server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    private static HttpRequestMessage Request(RouteEndpoint endpoint, string? key)
    {
        var method = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET";
        var path = endpoint.RoutePattern.RawText!.Replace("{**id}", "demo-echo", StringComparison.Ordinal).Replace("{id}", "none", StringComparison.Ordinal)
            .Replace("{documentName?}", "", StringComparison.Ordinal).Replace("{**path:nonfile}", "x", StringComparison.Ordinal);
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = Doors.Json("{}");
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return request;
    }

    [Fact]
    public async Task Every_endpoint_names_its_scope_or_stands_in_the_table_of_anonymous_routes()
    {
        await using var server = await GatewayServer.StartAsync();
        var endpoints = Endpoints(server);
        foreach (var endpoint in endpoints.OrderBy(e => e.RoutePattern.RawText, StringComparer.Ordinal))
        {
            var scope = endpoint.Metadata.GetMetadata<ScopeRequirement>()?.Scope
                ?? (endpoint.Metadata.GetMetadata<PageRequirement>() is not null ? "(sign-in)" : endpoint.Metadata.GetMetadata<PublicFile>() is not null ? "(file)" : endpoint.Metadata.GetMetadata<CallerRequirement>() is not null ? "(caller)" : null);
            var anonymous = AnonymousRoutes.All.Any(route => route.Pattern == endpoint.RoutePattern.RawText);
            var methods = string.Join(',', endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any"]);
            if (scope == "(file)")
            {
                // Hundreds of files, each with its compressed forms; they are the same in each installation.
                continue;
            }

            output.WriteLine($"{methods,-10} {endpoint.RoutePattern.RawText,-40} {scope ?? (anonymous ? "(anonymous)" : "(refused)")}");
            if (endpoint.RoutePattern.RawText == "{**path:file}")
            {
                // The framework's help for files that are not there; without a declaration of ours it is refused.
                Assert.Null(scope);
                Assert.Equal(404, (int)(await server.Http.GetAsync("/nothing.txt")).StatusCode);
                continue;
            }

            Assert.True(scope is null == anonymous, $"{endpoint.RoutePattern.RawText} must have a scope or be anonymous, not both.");
            Assert.True(scope is null or "(sign-in)" or "(caller)" || Scopes.All.Contains(scope), $"{scope} is no scope.");
        }

        // The table holds nothing that is not there.
        Assert.All(AnonymousRoutes.All, route => Assert.Contains(endpoints, e => e.RoutePattern.RawText == route.Pattern));
    }

    [Fact]
    public async Task Every_part_of_the_pages_refuses_who_is_not_signed_in_whatever_key_it_carries()
    {
        await using var server = await GatewayServer.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        var pages = Endpoints(server).Where(e => e.Metadata.GetMetadata<PageRequirement>() is not null).ToList();
        Assert.Contains(pages, page => page.RoutePattern.RawText == "/playground");
        Assert.Contains(pages, page => page.RoutePattern.RawText!.Contains("_blazor", StringComparison.Ordinal));

        foreach (var page in pages.DistinctBy(page => page.RoutePattern.RawText))
        {
            foreach (var key in (string?[])[null, server.Key])
            {
                using var response = await http.SendAsync(Request(page, key));
                Assert.True(401 == (int)response.StatusCode, $"{page.RoutePattern.RawText}: {response.StatusCode}");
                Assert.Equal(Codes.SignInNeeded, response.Code());
            }
        }
    }

    [Fact]
    public async Task Every_scoped_endpoint_refuses_every_key_but_the_right_one()
    {
        await using var server = await GatewayServer.StartAsync();
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Url) };
        var keys = server.App.Services.GetRequiredService<ApiKeyService>();
        async Task<CreatedApiKey> NewAsync(string name, DateTimeOffset? expires = null) => await keys.CreateAsync(
            new NewApiKey { Tenant = "default", Name = name, PrincipalId = name, Scopes = [.. Scopes.All], ExpiresAt = expires }, default);
        var revoked = await NewAsync("revoked");
        await keys.RevokeAsync("default", revoked.Key.Id, default);
        var expired = await NewAsync("expired", TimeProvider.System.GetUtcNow().AddMilliseconds(500));
        while (TimeProvider.System.GetUtcNow() < expired.Key.ExpiresAt)
        {
            await Task.Yield();
        }

        var good = (await NewAsync("good")).Text;
        var wrong = good[..^4] + (good.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        string?[] refused = [null, "", "ag_nonsense", "sk-something", wrong, revoked.Text, expired.Text, good + "x", good.ToUpperInvariant()];

        // What is for signed-in users alone is asked by EveryEndpointTests.
        foreach (var endpoint in Endpoints(server).Where(
            e => e.Metadata.GetMetadata<ScopeRequirement>() is not null && e.Metadata.GetMetadata<CallerRequirement>() is null && e.Metadata.GetMetadata<StepUpRequirement>() is null))
        {
            foreach (var key in refused)
            {
                using var response = await http.SendAsync(Request(endpoint, key));
                Assert.True(401 == (int)response.StatusCode, $"{endpoint.RoutePattern.RawText} with {key}: {response.StatusCode}");
                Assert.Equal(Codes.KeyInvalid, response.Code());
            }

            var scope = endpoint.Metadata.GetMetadata<ScopeRequirement>()!.Scope;
            var others = await server.CreateKeyAsync("others", [.. Scopes.All.Where(s => s != scope)]);
            using var without = await http.SendAsync(Request(endpoint, others));
            Assert.Equal(403, (int)without.StatusCode);
            Assert.Equal(Codes.KeyScopeMissing, without.Code());
            using var with = await http.SendAsync(Request(endpoint, good));
            Assert.False((int)with.StatusCode is >= 401 and <= 403, $"{endpoint.RoutePattern.RawText} with every scope: {with.StatusCode} {with.Code()}");
        }
    }

    [Fact]
    public async Task An_agents_key_opens_the_doors_and_nothing_else()
    {
        await using var server = await GatewayServer.StartAsync();
        var key = await server.CreateKeyAsync("agent", "doors");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Url) };
        foreach (var endpoint in Endpoints(server).Where(e => e.Metadata.GetMetadata<ScopeRequirement>() is not null))
        {
            using var response = await http.SendAsync(Request(endpoint, key));
            Assert.Equal(
                endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal), (int)response.StatusCode is not (401 or 403));
        }
    }

    [Fact]
    public async Task The_demo_key_ends_with_the_development_environment()
    {
        var directory = Directory.CreateTempSubdirectory("agentgate-test-").FullName;
        string key;
        await using (var server = await GatewayServer.StartAsync(directory: Path.Combine(directory, "state"), settings: null))
        {
            key = server.Key;
            Directory.CreateDirectory(Path.Combine(directory, "kept"));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(directory, "state"), "*", new EnumerationOptions { AttributesToSkip = 0 })
                .Where(file => Path.GetFileName(file) != "server.lock"))
            {
                File.Copy(file, Path.Combine(directory, "kept", Path.GetFileName(file)));
            }
        }

        var state = Path.Combine(directory, "kept");
        Assert.True(File.Exists(Path.Combine(state, "demo.key")));
        string[] production = ["--environment", "Production", "--AGENTGATE_PORT", "0", "--AGENTGATE_HOST", "127.0.0.1", "--AGENTGATE_STATE_DIR", state];
        await using (var refused = ServerHost.Build(production, builder => builder.Logging.ClearProviders()))
        {
            // What a demo signed with must sign nothing that counts.
            var stopped = await Assert.ThrowsAsync<InvalidOperationException>(async () => await ServerHost.PrepareAsync(refused, CancellationToken.None));
            Assert.StartsWith(Codes.DevelopmentKey, stopped.Message, StringComparison.Ordinal);
        }

        File.Delete(Path.Combine(state, "signing.keys"));
        await using var app = ServerHost.Build(production, builder => builder.Logging.ClearProviders());
        Assert.Null(await ServerHost.PrepareAsync(app, CancellationToken.None));
        await app.StartAsync();

        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Assert.Equal(401, (int)(await http.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(401, (int)(await http.GetAsync("/openapi.json")).StatusCode);
        Assert.Equal(404, (int)(await http.GetAsync("/api/demo/received")).StatusCode);
        Assert.False(File.Exists(Path.Combine(state, "demo.key")));
        await app.StopAsync();
        Directory.Delete(directory, recursive: true);
    }
}
