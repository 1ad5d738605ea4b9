using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Transparency;
using AgentGate.Loopback;
using ModelDoors = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Approvals;

/// <summary>A model's tool call waits for a person, over HTTP and over two servers.</summary>
public sealed class ApprovalServerTests
{
    private const string Asks = """/tool delete_record {"id":7}""";

    private static Dictionary<string, string?> Settings(string wait) => new()
    {
        ["AgentGate:Approvals:Rules:0:Tool"] = "delete_*",
        ["AgentGate:Approvals:Wait"] = wait,
    };

    [Fact]
    public async Task A_tool_call_that_nobody_approved_yet_is_refused_with_its_approval_and_goes_on_when_it_is_sent_again()
    {
        await using var server = await GatewayServer.StartAsync(settings: Settings("00:00:00"));
        using var admin = server.Client((await server.SignInAsync(await server.UserAsync(Roles.Admin))).Token);

        var text = await AskAsync(server.Http, ModelDoors.Chat);
        Assert.Contains(Codes.ApprovalRequired, text, StringComparison.Ordinal);
        var pending = Assert.Single((await admin.AskAsync("GET", "/api/approvals/pending")).Body!["approvals"]!.AsArray())!;
        var id = Text(pending, "approval_id");
        Assert.Equal(("delete_record", 7, 1), (Text(pending, "tool"), pending["inputs"]!["id"]!.GetValue<int>(), (await admin.AskAsync("GET", "/api/approvals/pending/count")).Body!["count"]!.GetValue<int>()));
        Assert.Contains(id, text, StringComparison.Ordinal);

        var (status, _, decided) = await admin.AskAsync("POST", $"/api/approvals/{id}/decide", """{"approved":true,"reason":"asked the customer"}""");
        Assert.Equal((200, "approved"), (status, Text(decided!, "status")));
        Assert.Equal((400, Codes.ApprovalDecided), Head(await admin.AskAsync("POST", $"/api/approvals/{id}/decide", """{"approved":true}""")));

        Assert.DoesNotContain(Codes.ApprovalRequired, await AskAsync(server.Http, ModelDoors.Chat), StringComparison.Ordinal);
        Assert.Equal("used", Text((await admin.AskAsync("GET", $"/api/approvals/{id}")).Body!, "status"));

        // Good once.
        Assert.Contains(Codes.ApprovalRequired, await AskAsync(server.Http, ModelDoors.Chat), StringComparison.Ordinal);
        var log = await server.LogAsync();
        Assert.Equal(3, log.Count(entry => entry.Kind == EntryKind.Held));
        var act = Assert.Single(log, entry => entry.Kind == EntryKind.Approval);
        Assert.Equal(("approval.decide", "approved"), (act.Action, act.Detail));
        Assert.DoesNotContain("customer", act.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_usable_is_refused_by_name_and_a_key_decides_nothing()
    {
        await using var server = await GatewayServer.StartAsync(settings: Settings("00:00:00"));
        using var admin = server.Client((await server.SignInAsync(await server.UserAsync(Roles.Admin))).Token);
        using var developer = server.Client((await server.SignInAsync(await server.UserAsync(Roles.Developer))).Token);
        await AskAsync(server.Http, ModelDoors.Chat);
        var id = Text(Assert.Single((await admin.AskAsync("GET", "/api/approvals?status=pending&tool=delete_record&limit=1")).Body!["approvals"]!.AsArray())!, "approval_id");

        Assert.Equal((400, Codes.ApprovalRequestInvalid), Head(await admin.AskAsync("GET", "/api/approvals?status=open")));
        Assert.Equal((400, Codes.ApprovalRequestInvalid), Head(await admin.AskAsync("GET", "/api/approvals?limit=501")));
        Assert.Equal((400, Codes.ApprovalRequestInvalid), Head(await admin.AskAsync("POST", $"/api/approvals/{id}/decide", """{"reason":"x"}""")));
        Assert.Equal((400, Codes.ApprovalRequestInvalid), Head(await admin.AskAsync("POST", $"/api/approvals/{id}/decide", $$"""{"approved":true,"reason":"{{new string('x', 1_001)}}"}""")));
        Assert.Equal((404, Codes.ApprovalNotFound), Head(await admin.AskAsync("POST", "/api/approvals/none/decide", """{"approved":true}""")));
        Assert.Equal((403, Codes.KeyScopeMissing), Head(await developer.AskAsync("POST", $"/api/approvals/{id}/decide", """{"approved":true}""")));
        using var key = server.Client(await server.CreateKeyAsync("agent_k", AgentGate.Pipeline.Scopes.ApprovalDecide));
        Assert.Equal((403, Codes.UserNeeded), Head(await key.AskAsync("POST", $"/api/approvals/{id}/decide", """{"approved":true}""")));
        Assert.Equal("pending", Text((await admin.AskAsync("GET", $"/api/approvals/{id}")).Body!, "status"));
    }

    [Fact]
    public async Task Who_waits_at_one_server_goes_on_when_a_person_approves_at_another()
    {
        var settings = Settings("00:01:00");
        settings["DATABASE_URL"] = await (await LoopbackServers.PostgresAsync()).CreateDatabaseAsync();
        settings["REDIS_URL"] = $"{(await LoopbackServers.RedisAsync()).Url}?prefix=h{Guid.NewGuid().ToString("n")[..8]}";
        var directory = Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("N"));
        await using var first = await GatewayServer.StartAsync(settings: settings, directory: directory);
        await using var second = await GatewayServer.StartAsync(settings: settings, directory: directory);
        using var agent = first.Client(await first.CreateKeyAsync("agent_a"));
        using var admin = second.Client((await second.SignInAsync(await second.UserAsync(Roles.Admin))).Token);

        var asked = AskAsync(agent, ModelDoors.Chat);
        var id = "";
        while (id.Length == 0)
        {
            Assert.False(asked.IsCompleted);
            id = (await admin.AskAsync("GET", "/api/approvals/pending")).Body!["approvals"]!.AsArray() is [{ } pending] ? Text(pending, "approval_id") : "";
        }

        Assert.Equal(200, (await admin.AskAsync("POST", $"/api/approvals/{id}/decide", """{"approved":true}""")).Status);
        var text = await asked.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Contains("delete_record", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Codes.ApprovalRequired, text, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(HttpClient http, string route)
    {
        var body = ModelDoors.Body(route, Asks);
        body["tools"] = new JsonArray(ModelDoors.Tool(route, "delete_record"));
        using var response = await http.PostAsync(route, ModelDoors.Json(body.ToJsonString()), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private static (int, string) Head((int Status, string Code, JsonNode? Body) answer) => (answer.Status, answer.Code);

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
