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

    /// <summary>Models and guardrails are configured and of no tenant, and nobody touched a honey token: what is asked for there nobody has.</summary>
    private static readonly string[] s_nobodys = ["/v1/models/{**id}", "/api/security/honey-tokens/principals/{id}/clear", "/api/guardrails/{policy_id}/reset"];

    private static readonly IReadOnlyList<EndpointRow> s_rows = EndpointRow.Read(EndpointTable.Text);

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Every_endpoint_answers_everybody_who_may_not_use_it_with_the_one_right_status(string environment)
    {
        var development = environment == "Development";
        await using var server = await GatewayServer.StartAsync(environment: environment, settings: new Dictionary<string, string?>
        {
            // As in development, so that each tenant has calls and decisions to ask for.
            ["AgentGate:Policies:UseShippedDefault"] = "true", ["AgentGate:Policies:SecondPerson"] = "Never", ["AgentGate:Providers:demo:Kind"] = "Demo",
            ["WEBAUTHN_RP_ID"] = "localhost", ["AgentGate:Http:SecurityContact"] = "mailto:security@example.org",
        });
        using var world = await EndpointWorld.CreateAsync(server);
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(server.Url) };
        var (wrong, asked, listed) = (new List<string>(), 0, new HashSet<EndpointRow>());
        foreach (var (method, endpoint) in Endpoints(server))
        {
            var pattern = Pattern(endpoint);
            if (s_rows.Where(row => row.Fits(method, pattern) && row.Holds(development)).ToArray() is not [var row])
            {
                wrong.Add("Not listed, or by two rows; read it, then put it into EndpointTable: " + Suggestion(method, endpoint));
                continue;
            }

            if (!listed.Add(row))
            {
                // Of many files under one row the first is asked; AuthorizationTests asks for each.
                continue;
            }

            var answers = new List<int>();
            await foreach (var asker in CallersAsync(row, world))
            {
                await world.RenewAsync(pattern);
                var (who, expected, code) = (asker.Who, asker.Expected, asker.Code);
                using var request = Request(method, endpoint, row, asker.AsksForForeign ? world.Foreign : world.Own);
                Authorize(request, asker.Credential, asker.Cookie);
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                asked++;
                var (status, got) = ((int)response.StatusCode, response.Code());
                var right = expected == EndpointRow.Open
                    ? status < 500 && status is not (401 or 403) && !s_access.Contains(got)
                    : status.ToString(System.Globalization.CultureInfo.InvariantCulture) == expected && (code is null || code == got);
                if (!right)
                {
                    wrong.Add($"{method} {pattern} to {who}: {status} {got}, not {expected} {code}");
                }

                if (expected == EndpointRow.Open)
                {
                    answers.Add(status);
                }
            }

            // Otherwise the 404 to others would say nothing.
            if (row.Tenant == "404" && !row.Has("refused") && !s_nobodys.Contains(pattern) && answers.TrueForAll(status => status == 404))
            {
                wrong.Add($"{method} {pattern}: 404 also to who may, about a thing of its own");
            }
        }

        wrong.AddRange(s_rows.Where(row => !listed.Contains(row) && row.Holds(development)).Select(row => $"Listed, and not there: {row.Method} {row.Pattern}"));
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        output.WriteLine($"{environment}: {listed.Count} rows, {asked} requests");
    }

    [Fact]
    public void Two_rows_for_one_endpoint_are_no_table()
    {
        const string Row = "GET /x | caller | 401 - - open - 401 401 403 open";
        foreach (var second in (string[])[Row, Row.Replace("/x", "/x (dev)", StringComparison.Ordinal)])
        {
            Assert.Throws<FormatException>(() => EndpointRow.Read($"{Row}\n{second}"));
        }

        Assert.Equal(2, EndpointRow.Read($"{Row.Replace("/x", "/x (prod)", StringComparison.Ordinal)}\n{Row.Replace("/x", "/x (dev)", StringComparison.Ordinal)}").Count);
    }

    private static IEnumerable<(string Method, RouteEndpoint Endpoint)> Endpoints(GatewayServer server)
        => server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods ? methods : ["GET"])
                .Where(method => method != "HEAD").Select(method => (method, endpoint)));

    private static string Pattern(RouteEndpoint endpoint) => endpoint.RoutePattern.RawText is { Length: > 1 } text ? text.TrimEnd('/') : "/";

    /// <summary>Everybody who asks, made when their turn comes: who asked before may have ended sessions.</summary>
    private static async IAsyncEnumerable<Asker> CallersAsync(EndpointRow row, EndpointWorld world)
    {
        if (row.Has("refused"))
        {
            yield return new("nobody", row.Anonymous, Codes.UnknownRoute, null);
            yield return new("an admin", row.Stale, Codes.UnknownRoute, await world.FreshAsync(Roles.Admin));
            yield break;
        }

        if (row.Has("page"))
        {
            yield return new("nobody", row.Anonymous, Codes.SignInNeeded, null);
            yield return new("a key", row.Key, Codes.SignInNeeded, world.EveryScope);
            yield return new("a browser whose session was revoked", row.Revoked, Codes.SignInNeeded, null) { Cookie = await world.RevokedCookieAsync() };
            yield return new("a browser whose session has expired", row.Expired, Codes.SignInNeeded, null) { Cookie = await world.ExpiredCookieAsync() };
            yield return new("a browser of a user who must change the password", row.Password, Codes.PasswordChangeNeeded, null) { Cookie = await world.MustChangeCookieAsync() };
            yield break;
        }

        if (row.Has("anonymous"))
        {
            yield return new("nobody", row.Anonymous, null, null);
            yield return new("an expired key", row.Expired, null, world.ExpiredKey);
            yield return new("a revoked session", row.Revoked, null, await world.RevokedSessionAsync());
            yield break;
        }

        var (user, scope) = (row.Has("user"), row.ScopeName);
        yield return new("nobody", row.Anonymous, Codes.KeyInvalid, null);
        if (scope is not null && EndpointWorld.RoleWithout(scope) is { } role)
        {
            yield return new($"a user who is {role}", row.Role, Codes.KeyScopeMissing, await world.FreshAsync(role));
        }
        else
        {
            Assert.Equal(EndpointRow.None, row.Role);
        }

        if (scope is not null)
        {
            yield return new("a key without the scope", row.Scope, user ? Codes.UserNeeded : Codes.KeyScopeMissing, await world.KeyWithoutAsync(scope));
        }
        else
        {
            Assert.Equal(EndpointRow.None, row.Scope);
        }

        if (row.Tenant != EndpointRow.None)
        {
            var isOperators = row.Has("operator");
            yield return new(
                "a caller of another tenant", row.Tenant, isOperators ? Codes.OperatorOnly : null, isOperators ? world.Elsewhere : await world.FreshAsync(Roles.Admin)) { AsksForForeign = !isOperators };
        }

        yield return new("an expired key", row.Expired, Codes.KeyInvalid, world.ExpiredKey);
        yield return new("an expired token", row.Expired, Codes.KeyInvalid, await world.ExpiredTokenAsync());
        yield return new("an expired session", row.Expired, Codes.KeyInvalid, await world.ExpiredSessionAsync());
        yield return new("a revoked key", row.Revoked, Codes.KeyInvalid, world.RevokedKey);
        yield return new("a revoked session", row.Revoked, Codes.KeyInvalid, await world.RevokedSessionAsync());
        yield return new("a user who must change the password", row.Password, Codes.PasswordChangeNeeded, await world.MustChangeAsync());
        yield return new("a user whose proof is old", row.Stale, Codes.StepUpNeeded, await world.StaleAsync());

        // Last, because who may changes things.
        yield return new("a key with every scope", row.Key, Codes.UserNeeded, world.EveryScope);
        yield return new("an admin who has just proved itself", EndpointRow.Open, null, await world.FreshAsync(Roles.Admin));
    }

    private static string Suggestion(string method, RouteEndpoint endpoint)
    {
        var (metadata, pattern) = (endpoint.Metadata, Pattern(endpoint));
        var needs = new List<string>();
        var scope = metadata.GetMetadata<ScopeRequirement>()?.Scope;
        needs.AddRange(scope is null ? [] : [scope]);
        needs.AddRange(metadata.GetMetadata<CallerRequirement>() is { } caller ? [caller.UserOnly ? "user" : "caller"] : []);
        needs.AddRange(metadata.GetMetadata<StepUpRequirement>() is not { } stepUp ? [] : [stepUp.KeysPass ? "fresh-users" : "fresh"]);
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

    private static HttpRequestMessage Request(string method, RouteEndpoint endpoint, EndpointRow row, EndpointThings things)
    {
        var pattern = Pattern(endpoint);

        // A file of the pages, and what is refused whatever it names, is nobody's.
        var nobodys = row.Has("page") || row.Has("refused") || pattern.Contains("_content", StringComparison.Ordinal) || pattern.Contains("_framework", StringComparison.Ordinal);
        var path = Parameter().Replace(pattern, match => nobodys ? "none" : Uri.EscapeDataString(things.IdFor(method, pattern, match.Groups[1].Value)).Replace("%2F", "/", StringComparison.Ordinal));
        var request = new HttpRequestMessage(new HttpMethod(method), path.StartsWith('/') ? path : "/" + path);
        if (method is "POST" or "PUT" or "PATCH")
        {
            // Where the body is read before the thing is looked for, one that is right.
            request.Content = Security.Doors.Json(pattern switch
            {
                "/api/policies/{id}" => """{"text":"permit (principal, action, resource);","revision":1}""",
                "/api/auth/passkey/{id}" => """{"name":"x"}""",
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

    [GeneratedRegex(@"\{\**([A-Za-z_]+)[^}]*\}")]
    private static partial Regex Parameter();

    /// <summary>Somebody who asks, and what must be answered.</summary>
    private sealed record Asker(string Who, string Expected, string? Code, string? Credential)
    {
        public string? Cookie { get; init; }

        /// <summary>Whether it is another tenant's thing that it asks for.</summary>
        public bool AsksForForeign { get; init; }
    }
}
