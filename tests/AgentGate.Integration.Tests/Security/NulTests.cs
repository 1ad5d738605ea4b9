using System.Net.Http.Headers;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Integration.Tests.Isolation;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Security;

/// <summary>The character U+0000, which one of the two databases cannot hold: refused by both profiles alike, in every place of every endpoint.</summary>
public sealed class NulTests
{
    /// <summary>Bodies with the character somewhere, and what the refusal calls the place.</summary>
    private static readonly (string Body, string Field)[] s_bodies =
    [
        ("""{"name":"a\u0000b"}""", "name"),
        ("""{"ok":"x","outer":{"list":[1,{"inner":"\u0000"}]}}""", "outer.list.inner"),
        ("""{"ok":{"deep":"x"},"names":["x","\u0000"]}""", "names"),
        ("""{"a\u0000":"x"}""", "a?"),
        (""" "\u0000" """, "body"),
        ("name: a\0b", "body"),
    ];

    [Theory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task Every_endpoint_of_the_control_plane_refuses_it_and_names_the_field(string profile)
    {
        await using var server = await TenantServer.StartAsync(profile, new());
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        var key = await server.CreateKeyAsync("nul", [.. Scopes.All]);
        var token = (await server.SignInAsync(await server.UserAsync(Roles.Admin))).Token;
        var asked = 0;
        foreach (var endpoint in server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var pattern = endpoint.RoutePattern.RawText!;
            if (!pattern.StartsWith("/api/", StringComparison.Ordinal) || (endpoint.Metadata.GetMetadata<ScopeRequirement>() is null && endpoint.Metadata.GetMetadata<CallerRequirement>() is null))
            {
                continue;
            }

            var isForUsers = endpoint.Metadata.GetMetadata<CallerRequirement>() is { UserOnly: true } || endpoint.Metadata.GetMetadata<StepUpRequirement>() is not null;
            var credential = new AuthenticationHeaderValue("Bearer", isForUsers ? token : key);
            var method = new HttpMethod(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0] ?? "GET");
            var path = pattern.Replace("{id}", "1", StringComparison.Ordinal).Replace("{principal}", "p", StringComparison.Ordinal);
            foreach (var (body, field) in method == HttpMethod.Get ? [] : s_bodies)
            {
                using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                request.Headers.Authorization = credential;
                await RefusesAsync(request, field);
                asked++;
            }

            using var query = new HttpRequestMessage(method, path + "?ok=1&action=a%00b");
            query.Headers.Authorization = credential;
            await RefusesAsync(query, "action");
        }

        Assert.True(asked > 50);

        async Task RefusesAsync(HttpRequestMessage request, string field)
        {
            using var response = await http.SendAsync(request);
            var told = await response.Content.ReadAsStringAsync();
            Assert.True((400, Codes.InvalidField) == ((int)response.StatusCode, response.Code()), $"{request.Method} {request.RequestUri}: {response.StatusCode} {told}");
            Assert.Contains($"The field \\u0022{field}\\u0022".Replace("\\u0022", "\\\"", StringComparison.Ordinal), told.Replace("\\u0022", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("embedded")]
    [InlineData("cluster")]
    public async Task Content_for_a_model_keeps_it(string profile)
    {
        await using var server = await TenantServer.StartAsync(profile, new());
        using var response = await server.Http.PostAsync(Doors.Chat, Doors.Json(Doors.Body(Doors.Chat, "a\0b").ToJsonString()));
        Assert.Equal(200, (int)response.StatusCode);
    }
}
