using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Security;

/// <summary>Every route that takes a body, times every guard, times every way to fail: nothing leaves, nothing comes back.</summary>
public sealed class RouteGuardMatrixTests
{
    private static readonly Failing[] s_ways = [Failing.Throws, Failing.Hangs, Failing.AnswersNothing, Failing.Denies];

    private static string CodeOf(Failing how) => how switch
    {
        Failing.Throws => Codes.GuardFailed,
        Failing.Hangs => Codes.GuardTimedOut,
        Failing.AnswersNothing => Codes.GuardAnsweredNonsense,
        _ => "AG9999",
    };

    private static List<string> RoutesWithBodies(GatewayServer server)
        => [.. server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Contains("POST"))
            .Select(endpoint => endpoint.RoutePattern.RawText!)];

    [Fact]
    public async Task No_route_lets_a_request_past_a_failed_guard()
    {
        var broken = new BrokenGuards();
        await using var server = await GatewayServer.StartAsync(broken.Install);
        var routes = RoutesWithBodies(server);
        Assert.Equal(Doors.All.Order(), routes.Order());
        var guards = server.App.Services.GetRequiredService<Gate>().RequestGuards;
        Assert.Equal(["Identity", "Deception", "Admissibility", "Unread", "Tools", "Guardrails", "Limits", "Threats", "Injection", "Pii", "Targets", "DeceptionTargets", "Budgets"], guards.Select(guard => guard.Name));

        foreach (var route in routes)
        {
            foreach (var guard in guards)
            {
                foreach (var how in s_ways)
                {
                    broken.Break(guard.Name, onResponse: false, how);
                    var (response, text) = await server.PostAsync(route, Doors.Body(route));

                    Doors.AssertError(route, response, text, CodeOf(how));
                    Assert.Equal(how == Failing.Denies ? 403 : 503, (int)response.StatusCode);
                    Assert.Empty(server.Received.Received);
                }
            }
        }

        broken.Break("", false, Failing.None);
        Assert.All(routes, route => Assert.True(server.PostAsync(route, Doors.Body(route)).Result.Response.IsSuccessStatusCode));
        Assert.Equal(routes.Count, server.Received.Received.Count);
    }

    [Fact]
    public async Task No_answer_comes_back_past_a_failed_guard_whole_or_streamed()
    {
        var broken = new BrokenGuards();
        await using var server = await GatewayServer.StartAsync(broken.Install);
        var guards = server.App.Services.GetRequiredService<Gate>().ResponseGuards;
        Assert.Equal(["Unread", "Pii"], guards.Select(guard => guard.Name));

        foreach (var route in Doors.All)
        {
            foreach (var stream in Doors.Answering.Contains(route) ? (bool[])[false, true] : [false])
            {
                foreach (var guard in guards)
                {
                    foreach (var how in s_ways)
                    {
                        broken.Break(guard.Name, onResponse: true, how);
                        var (response, text) = await server.PostAsync(route, Doors.Body(route, "unguarded words", stream));

                        Doors.AssertError(route, response, text, CodeOf(how));
                        Assert.DoesNotContain("unguarded", text, StringComparison.Ordinal);
                        var last = (await server.LogAsync())[^1];
                        Assert.Equal((EntryKind.Outcome, OutcomeKind.Blocked, CodeOf(how)), (last.Kind, last.Outcome, last.Code));
                    }
                }
            }
        }
    }

    [Fact]
    public async Task A_models_tool_call_passes_the_same_guards()
    {
        var broken = new BrokenGuards();
        await using var server = await GatewayServer.StartAsync(broken.Install);

        foreach (var route in Doors.Answering)
        {
            foreach (var stream in (bool[])[false, true])
            {
                foreach (var guard in server.App.Services.GetRequiredService<Gate>().RequestGuards)
                {
                    foreach (var how in s_ways)
                    {
                        broken.Break(guard.Name, onResponse: false, how, GateActions.CallTool);
                        var body = Doors.Body(route, """/tool lookup {"q":"forbidden-argument"}""", stream);
                        body["tools"] = new JsonArray(Doors.Tool(route, "lookup"));
                        var (response, text) = await server.PostAsync(route, body);

                        Assert.True(response.IsSuccessStatusCode, text);
                        Assert.DoesNotContain("forbidden-argument", text, StringComparison.Ordinal);
                        Assert.Contains(CodeOf(how), text, StringComparison.Ordinal);
                    }
                }
            }
        }
    }

    public static TheoryData<string, string> Ungateable => new()
    {
        { Doors.Chat, """{"web_search_options":{}}""" },
        { Doors.Chat, """{"tools":[{"type":"mcp","server_url":"https://x.example"}]}""" },
        { Doors.Chat, """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x.example/a.png"}}]}]}""" },
        { Doors.Chat, """{"messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""" },
        { Doors.Responses, """{"tools":[{"type":"web_search"}]}""" },
        { Doors.Responses, """{"tools":[{"type":"mcp","server_label":"x","server_url":"https://x.example"}]}""" },
        { Doors.Responses, """{"tools":[{"type":"code_interpreter","container":{"type":"auto"}}]}""" },
        { Doors.Responses, """{"tools":[{"type":"computer_use_preview"}]}""" },
        { Doors.Responses, """{"tools":[{"type":"local_shell"}]}""" },
        { Doors.Responses, """{"input":[{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}]}""" },
        { Doors.Responses, """{"input":[{"role":"user","content":[{"type":"input_file","file_url":"https://x.example/a.pdf"}]}]}""" },
        { Doors.Responses, """{"input":[{"role":"user","content":[{"type":"input_image","image_url":"https://x.example/a.png"}]}]}""" },
        { Doors.Responses, """{"input":[{"type":"item_reference","id":"x"}]}""" },
        { Doors.Responses, """{"conversation":"conv_1"}""" },
        { Doors.Messages, """{"tools":[{"type":"web_search_20250305","name":"web_search"}]}""" },
        { Doors.Messages, """{"tools":[{"type":"code_execution_20250522","name":"code_execution"}]}""" },
        { Doors.Messages, """{"tools":[{"type":"computer_20250124","name":"computer"}]}""" },
        { Doors.Messages, """{"mcp_servers":[{"type":"url","url":"https://x.example","name":"x"}]}""" },
        { Doors.Messages, """{"messages":[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://x.example/a.png"}}]}]}""" },
        { Doors.Messages, """{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"file-1"}}]}]}""" },
        { Doors.CountTokens, """{"tools":[{"type":"web_search_20250305","name":"web_search"}]}""" },
    };

    [Theory, MemberData(nameof(Ungateable))]
    public async Task What_nobody_can_gate_afterwards_is_denied_by_default(string route, string members)
    {
        await using var server = await GatewayServer.StartAsync();
        var body = Doors.Body(route);
        foreach (var (name, value) in JsonNode.Parse(members)!.AsObject())
        {
            body[name] = value?.DeepClone();
        }

        var (response, text) = await server.PostAsync(route, body);

        Doors.AssertError(route, response, text, Codes.NotPermitted);
        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
        Assert.Empty(server.Received.Received);
    }
}
