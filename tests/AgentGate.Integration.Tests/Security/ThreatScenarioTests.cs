using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Integration.Tests.Security;

/// <summary>The README's attacks over HTTP, in every format: refused in the provider's shape, on record, and nothing sent.</summary>
public sealed class ThreatScenarioTests
{
    private static readonly (string Text, string Code)[] s_attacks =
    [
        ("'; DROP TABLE users; --", Codes.ThreatSql),
        ("rm -rf / --no-preserve-root", Codes.ThreatShell),
        ("<script>alert(document.cookie)</script>", Codes.ThreatXss),
    ];

    [Fact]
    public async Task An_attack_is_refused_with_400_in_the_providers_shape_and_nothing_is_sent()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var route in Doors.All)
        {
            foreach (var (text, code) in s_attacks)
            {
                var (response, body) = await server.PostAsync(route, Doors.Body(route, text));

                Assert.Equal(400, (int)response.StatusCode);
                Doors.AssertError(route, response, body, code);
                Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
                Assert.DoesNotContain(text[..8], JsonNode.Parse(body)!["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
            }
        }

        Assert.Empty(server.Received.Received);
        var entries = await server.LogAsync();
        Assert.All(entries.Where(entry => entry.Kind == EntryKind.Denied), entry =>
            Assert.Contains(entry.Verdicts, verdict => verdict.Guard == "Threats" && verdict.Findings.All(finding => finding.Note!.Contains('@', StringComparison.Ordinal))));
    }

    [Fact]
    public async Task What_only_looks_like_one_passes()
    {
        await using var server = await GatewayServer.StartAsync();
        foreach (var route in Doors.All)
        {
            var (response, body) = await server.PostAsync(route, Doors.Body(route, "I have a cat | issue #42"));
            Assert.True(response.IsSuccessStatusCode, body);
        }
    }

    [Fact]
    public async Task A_models_tool_call_with_an_attack_is_replaced_by_a_refusal_it_can_read()
    {
        // The demonstration model repeats what it is told, so talk is only watched here: the arguments are what is refused.
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Threats:Actions:Chat:High"] = "Flag", ["AgentGate:Threats:Actions:Chat:Critical"] = "Flag",
        });
        foreach (var route in Doors.Answering)
        {
            foreach (var stream in (bool[])[false, true])
            {
                var body = Doors.Body(route, """/tool lookup {"q":"'; DROP TABLE users; --","w":"harmless"}""", stream);
                body["tools"] = new JsonArray(Doors.Tool(route, "lookup"));
                var (response, text) = await server.PostAsync(route, body);

                Assert.True(response.IsSuccessStatusCode, text);
                Assert.DoesNotContain("harmless", text, StringComparison.Ordinal);
                Assert.Contains(Codes.ThreatSql, text, StringComparison.Ordinal);

                body = Doors.Body(route, """/tool lookup {"q":"the weather in Paris"}""", stream);
                body["tools"] = new JsonArray(Doors.Tool(route, "lookup"));
                (response, text) = await server.PostAsync(route, body);
                Assert.Contains("Paris", text, StringComparison.Ordinal);
            }
        }
    }
}
