using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Security;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Matrix;

/// <summary>Every endpoint of a running server, and the one right answer to everybody who may not use it. An endpoint that is not in the table fails the test.</summary>
public sealed partial class EveryEndpointTests(ITestOutputHelper output)
{
    /// <summary>Codes by which the server refuses before an endpoint is reached.</summary>
    private static readonly string[] s_access =
    [
        Codes.KeyInvalid, Codes.KeyScopeMissing, Codes.OperatorOnly, Codes.UserNeeded, Codes.StepUpNeeded, Codes.CsrfRefused, Codes.PasswordChangeNeeded,
        Codes.SignInNeeded, Codes.UnknownRoute,
    ];

    private static readonly IReadOnlyList<EndpointRow> s_rows = EndpointRow.Read(EndpointTable.Text);

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Every_endpoint_answers_everybody_who_may_not_use_it_with_the_one_right_status(string environment)
    {
        var development = environment == "Development";
        await using var server = await GatewayServer.StartAsync(environment: environment);
        using var world = await EndpointWorld.CreateAsync(server, development);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(server.Url) };
        var (wrong, asked, listed) = (new List<string>(), 0, new HashSet<EndpointRow>());
        foreach (var (method, endpoint) in Endpoints(server))
        {
            var pattern = Pattern(endpoint);
            if (s_rows.FirstOrDefault(row => row.Fits(method, pattern) && row.Holds(development)) is not { } row)
            {
                wrong.Add("Not listed; read it, then put it into EndpointTable: " + Suggestion(method, endpoint));
                continue;
            }

            if (!listed.Add(row))
            {
                // Of many files under one row the first is asked; AuthorizationTests asks for each.
                continue;
            }

            foreach (var (who, expected, code, credential, cookie) in await CallersAsync(row, world))
            {
                using var request = Request(method, endpoint, world);
                Authorize(request, credential, cookie);
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                asked++;
                var got = response.Code();
                var right = expected == EndpointRow.Open
                    ? !s_access.Contains(got)
                    : ((int)response.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture) == expected && (code is null || code == got);
                if (!right)
                {
                    wrong.Add($"{method} {pattern} to {who}: {(int)response.StatusCode} {got}, not {expected} {code}");
                }
            }
        }

        wrong.AddRange(s_rows.Where(row => !listed.Contains(row) && row.Holds(development)).Select(row => $"Listed, and not there: {row.Method} {row.Pattern}"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        output.WriteLine($"{environment}: {listed.Count} rows, {asked} requests");
    }

    private static IEnumerable<(string Method, RouteEndpoint Endpoint)> Endpoints(GatewayServer server)
        => server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"])
                .Where(method => method != "HEAD").Select(method => (method, endpoint)));

    private static string Pattern(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText is { Length: > 1 } text ? text.TrimEnd('/') : "/";

    private static async Task<List<(string Who, string Expected, string? Code, string? Credential, string? Cookie)>> CallersAsync(EndpointRow row, EndpointWorld world)
    {
        var callers = new List<(string, string, string?, string?, string?)>();
        if (row.Has("refused"))
        {
            callers.Add(("nobody", row.Anonymous, Codes.UnknownRoute, null, null));
            callers.Add(("an admin", row.Stale, Codes.UnknownRoute, await world.FreshAsync(Roles.Admin), null));
            return callers;
        }

        if (row.Has("page"))
        {
            callers.Add(("nobody", row.Anonymous, Codes.SignInNeeded, null, null));
            callers.Add(("a key", row.Key, Codes.SignInNeeded, world.EveryScope, null));
            callers.Add(("a browser whose session was revoked", row.Revoked, Codes.SignInNeeded, null, await world.RevokedCookieAsync()));
            callers.Add(("a browser of a user who must change the password", row.Password, Codes.PasswordChangeNeeded, null, await world.MustChangeCookieAsync()));
            return callers;
        }

        var (user, scope) = (row.Has("user"), row.ScopeName);
        Add("nobody", row.Anonymous, Codes.KeyInvalid, null);
        if (row.Has("anonymous"))
        {
            Add("an expired key", row.Expired, null, world.ExpiredKey);
            Add("a revoked session", row.Revoked, null, await world.RevokedSessionAsync());
            return callers;
        }

        if (scope is not null && EndpointWorld.RoleWithout(scope) is { } role)
        {
            Add($"a user who is {role}", row.Role, Codes.KeyScopeMissing, await world.FreshAsync(role));
        }
        else
        {
            Assert.Equal(EndpointRow.None, row.Role);
        }

        if (scope is not null)
        {
            Add("a key without the scope", row.Scope, user ? Codes.UserNeeded : Codes.KeyScopeMissing, await world.KeyWithoutAsync(scope));
        }
        else
        {
            Assert.Equal(EndpointRow.None, row.Scope);
        }

        Add("a key with every scope", row.Key, Codes.UserNeeded, world.EveryScope);
        if (row.Tenant != EndpointRow.None)
        {
            Add("a caller of another tenant", row.Tenant, row.Has("operator") ? Codes.OperatorOnly : null, row.Has("operator") ? world.Elsewhere : await world.FreshAsync(Roles.Admin));
        }

        Add("an expired key", row.Expired, Codes.KeyInvalid, world.ExpiredKey);
        Add("an expired token", row.Expired, Codes.KeyInvalid, await world.ExpiredTokenAsync());
        Add("an expired session", row.Expired, Codes.KeyInvalid, await world.ExpiredSessionAsync());
        Add("a revoked key", row.Revoked, Codes.KeyInvalid, world.RevokedKey);
        Add("a revoked session", row.Revoked, Codes.KeyInvalid, await world.RevokedSessionAsync());
        Add("a user who must change the password", row.Password, Codes.PasswordChangeNeeded, await world.MustChangeAsync());
        Add("a user whose proof is old", row.Stale, Codes.StepUpNeeded, await world.StaleAsync());
        return callers;

        void Add(string who, string expected, string? code, string? credential) => callers.Add((who, expected, code, credential, null));
    }

    private static string Suggestion(string method, RouteEndpoint endpoint)
    {
        var (metadata, pattern) = (endpoint.Metadata, Pattern(endpoint));
        var needs = new List<string>();
        var scope = metadata.GetMetadata<ScopeRequirement>()?.Scope;
        needs.AddRange(scope is null ? [] : [scope]);
        needs.AddRange(metadata.GetMetadata<CallerRequirement>() is { } caller ? [caller.UserOnly ? "user" : "caller"] : []);
        needs.AddRange(metadata.GetMetadata<StepUpRequirement>() is null ? [] : ["fresh"]);
        needs.AddRange(metadata.GetMetadata<OperatorRequirement>() is null ? [] : ["operator"]);
        needs.AddRange(metadata.GetMetadata<OpenBeforePasswordChange>() is null ? [] : ["before-password"]);
        needs.AddRange(metadata.GetMetadata<PageRequirement>() is null ? [] : ["page"]);
        if (needs.Count == 0)
        {
            needs.Add(metadata.GetMetadata<PublicFile>() is not null || AnonymousRoutes.All.Any(route => route.Pattern == pattern) ? "anonymous" : "refused");
        }

        var developmentOnly = AnonymousRoutes.All.Any(route => route.Pattern == pattern && route.DevelopmentOnly);
        return EndpointRow.Suggest(method, pattern, needs, scope is not null && EndpointWorld.RoleWithout(scope) is null, developmentOnly);
    }

    private static HttpRequestMessage Request(string method, RouteEndpoint endpoint, EndpointWorld world)
    {
        var pattern = Pattern(endpoint);
        var path = Parameter().Replace(pattern, match => world.ForeignId(pattern, match.Groups[1].Value));
        var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : "/" + path);
        if (method is "POST" or "PUT" or "PATCH")
        {
            // Where the body is read before the thing is looked for, one that is right.
            request.Content = Security.Doors.Json(pattern switch
            {
                "/api/policies/{id}" => """{"text":"permit (principal, action, resource);"}""",
                "/api/policies/{id}/activate" => """{"expected_active":0}""",
                _ => "{}",
            });
        }

        return request;
    }

    private static void Authorize(HttpRequestMessage request, string? credential, string? cookie)
    {
        if (credential is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        }

        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }
    }

    [GeneratedRegex(@"\{\**([A-Za-z]+)[^}]*\}")]
    private static partial Regex Parameter();
}
