using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentGate.Audit;
using AgentGate.Chat;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Policies;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Certificates;

public sealed class BreakGlassTests : IDisposable
{
    private const string Text = """
        @id("open") @obligation("quorum_required")
        permit (principal, action == AgentGate::Action::"callTool", resource) when { resource.name == "open_valve" };
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("agentgate-nodes-").FullName;

    [Fact]
    public async Task Two_of_three_nodes_are_enough_and_one_is_not()
    {
        await using var one = await NodeProcess.StartAsync("node-1", _folder);
        await using var two = await NodeProcess.StartAsync("node-2", _folder);
        await using var three = await NodeProcess.StartAsync("node-3", _folder);
        await using var server = await StartAsync(2, Named(one), Named(two), Named(three));

        Assert.Null(await OpenAsync(server));
        Assert.Equal(["node-1 yes", "node-2 yes", "node-3 yes"], await VotesAsync(server));

        await one.KillAsync();
        Assert.Null(await OpenAsync(server));
        Assert.Equal(["node-2 yes", "node-3 yes"], (await VotesAsync(server)).Skip(3));

        await two.KillAsync();
        Assert.Equal(Codes.QuorumRequired, await OpenAsync(server));
        Assert.Equal(["node-3 yes"], (await VotesAsync(server)).Skip(5));
        Assert.Equal(
            [EntryKind.Vote, EntryKind.Vote, EntryKind.Vote, EntryKind.Intent, EntryKind.Outcome, EntryKind.Vote, EntryKind.Vote, EntryKind.Intent, EntryKind.Outcome, EntryKind.Vote, EntryKind.Denied],
            (await EntriesAsync(server)).Select(entry => entry.Kind).Where(kind => kind != EntryKind.Admin));
    }

    [Fact]
    public async Task A_node_that_was_told_other_settings_votes_no()
    {
        await using var one = await NodeProcess.StartAsync("node-1", _folder);
        await using var two = await NodeProcess.StartAsync("node-2", _folder, "--trust-any-policies", "--trust-settings-hash", new string('0', 64));
        await using var server = await StartAsync(1, Named(one), Named(two));

        Assert.Null(await OpenAsync(server));

        Assert.Equal(["node-1 yes", "node-2 no"], await VotesAsync(server));
    }

    [Fact]
    public async Task A_node_that_votes_no_is_outvoted_and_its_vote_is_on_record()
    {
        await using var one = await NodeProcess.StartAsync("node-1", _folder);
        await using var two = await NodeProcess.StartAsync("node-2", _folder);
        await using var other = await NodeProcess.StartAsync("node-3", _folder, "--trust-policy-hash", new string('0', 64));
        await using var server = await StartAsync(2, Named(one), Named(two), Named(other));

        Assert.Null(await OpenAsync(server));

        Assert.Equal(["node-1 yes", "node-2 yes", "node-3 no"], await VotesAsync(server));
        var entries = await EntriesAsync(server);
        var no = SignedVote.Parse(Encoding.UTF8.GetBytes(entries.Single(entry => entry.Detail == "no").Statement!));
        Assert.Equal("policies_not_trusted", no.Vote.Reason);
        Assert.True(no.IsSignedBy(KeyOf(other.PublicKey)));
        Assert.Equal(no.Vote.DecisionId, entries.Single(entry => entry.Kind == EntryKind.Intent).DecisionId);
    }

    [Fact]
    public async Task Forged_foreign_and_replayed_votes_do_not_open_anything()
    {
        await using var honest = await NodeProcess.StartAsync("node-1", _folder);
        await using var forger = await LyingNode.StartAsync("node-2", 2);
        await using var replayer = await LyingNode.StartAsync("node-3", 3);
        await using var server = await StartAsync(2, Named(honest), Named(forger), Named(replayer));
        using var stranger = SigningKey.Create(SignatureAlgorithm.Ed25519, Enumerable.Repeat((byte)9, 32).ToArray());

        // With honest words a node that was told yes is a second vote: the quorum itself works, and its vote is kept for later.
        byte[]? kept = null;
        forger.Answer = (_, _) => Task.FromResult("no vote"u8.ToArray());
        replayer.Answer = (vote, key) => Task.FromResult(kept = SignedVote.Sign(vote, key).ToCanonicalJson());
        Assert.Null(await OpenAsync(server));

        replayer.Answer = (_, _) => Task.FromResult(kept!);
        Func<Vote, SigningKey, byte[]>[] forgeries =
        [
            (vote, _) => SignedVote.Sign(vote, stranger).ToCanonicalJson(),
            (vote, key) => (SignedVote.Sign(vote, stranger) with { KeyId = key.Id }).ToCanonicalJson(),
            (vote, key) => SignedVote.Sign(vote with { NodeId = "node-1" }, key).ToCanonicalJson(),
            (vote, key) => SignedVote.Sign(vote with { AlphaHash = new string('a', 64) }, key).ToCanonicalJson(),
            (vote, key) => (SignedVote.Sign(vote with { IsYes = false, Reason = "AuthValid" }, key) with { Vote = vote }).ToCanonicalJson(),
            (vote, key) => [.. SignedVote.Sign(vote, key).ToCanonicalJson(), (byte)' '],
            (_, _) => new byte[100_000],
        ];
        foreach (var forge in forgeries)
        {
            forger.Answer = (vote, key) => Task.FromResult(forge(vote, key));
            Assert.Equal(Codes.QuorumRequired, await OpenAsync(server));
        }

        // What does not count is not put on record as a vote either.
        Assert.Equal(["node-1 yes", "node-3 yes", .. forgeries.Select(_ => "node-1 yes")], await VotesAsync(server));
    }

    [Fact]
    public async Task The_certificate_of_what_was_voted_on_verifies_with_its_votes_and_not_without()
    {
        await using var one = await LyingNode.StartAsync("node-1", 1);
        await using var two = await LyingNode.StartAsync("node-2", 2);
        await using var server = await StartAsync(2, Named(one), Named(two));
        Assert.Null(await OpenAsync(server));
        var decision = (await EntriesAsync(server)).Single(entry => entry.Kind == EntryKind.Intent).DecisionId!;
        var services = server.App.Services;

        var stored = await services.GetRequiredService<AgentGate.Certificates.ICertificateStore>().FindAsync("default", decision, CancellationToken.None);
        var bundle = await services.GetRequiredService<AgentGate.Certificates.BundleBuilder>().BuildAsync(stored!, CancellationToken.None);
        var keys = VerifierKeys.Read(await server.Http.GetByteArrayAsync("/.well-known/agentgate/keys.json"));

        var report = BundleVerifier.Verify(stored!.ToJson(), bundle!, keys);
        Assert.True(report.Valid, string.Join("\n", report.Steps));
        Assert.Equal(StepOutcome.Ok, report.Steps.Single(step => step.Name == "votes").Outcome);
        var without = System.Text.Json.Nodes.JsonNode.Parse(bundle!)!.AsObject();
        without["votes"]!.AsArray().RemoveAt(0);
        Assert.False(BundleVerifier.Verify(stored.ToJson(), Encoding.UTF8.GetBytes(without.ToJsonString()), keys).Valid);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_in_time_said_nothing()
    {
        var never = new TaskCompletionSource<byte[]>();
        await using var honest = await NodeProcess.StartAsync("node-1", _folder);
        await using var slow = await LyingNode.StartAsync("node-2", 2);
        await using var server = await StartAsync(2, TimeSpan.FromSeconds(2), Named(honest), Named(slow));
        slow.Answer = (_, _) => never.Task;

        Assert.Equal(Codes.QuorumRequired, await OpenAsync(server));
        never.SetCanceled();
    }

    [Fact]
    public async Task A_node_that_says_yes_without_evaluating_is_found_by_replaying_its_vote()
    {
        await using var honest = await NodeProcess.StartAsync("node-1", _folder);
        await using var liar = await LyingNode.StartAsync("node-2", 2);
        await using var server = await StartAsync(2, Named(honest), Named(liar));
        Assert.Null(await OpenAsync(server));

        // The same question about a tool that no policy permits: what a gate would ask that was talked into it.
        var (bundle, request) = await InadmissibleAsync(server);
        var (yes, no) = (await AskAsync(liar.Url, request), await AskAsync(honest.Url, request));

        Assert.Equal((true, false, "PermitExists"), (yes.Vote.IsYes, no.Vote.IsYes, no.Vote.Reason));
        var keys = Write("keys.json", Encoding.UTF8.GetBytes($"{{\"keys\":[{honest.PublicKey},{liar.PublicKey}]}}"));
        var lied = await NodeProcess.RunAsync("vote", "replay", Write("yes.json", yes.ToCanonicalJson()), "--bundle", Write("bundle.json", bundle), "--keys", keys);
        var told = await NodeProcess.RunAsync("vote", "replay", Write("no.json", no.ToCanonicalJson()), "--bundle", Write("bundle.json", bundle), "--keys", keys);
        var forged = await NodeProcess.RunAsync(
            "vote", "replay", Write("forged.json", (yes with { KeyId = no.KeyId }).ToCanonicalJson()), "--bundle", Write("bundle.json", bundle), "--keys", keys);

        Assert.Equal((1, "lied: node-2 voted yes, and PermitExists fails"), (lied.Exit, lied.Output.Trim()));
        Assert.Equal(0, told.Exit);
        Assert.Equal(2, forged.Exit);
    }

    [Fact]
    public async Task A_node_refuses_what_it_cannot_judge_and_says_that_it_is_there()
    {
        await using var node = await NodeProcess.StartAsync("node-1", _folder);
        using var http = new HttpClient { BaseAddress = new Uri(node.Url) };

        using var health = JsonDocument.Parse(await http.GetStringAsync("/health"));
        Assert.Equal(("ok", "node-1", node.KeyId), (health.RootElement.GetProperty("status").GetString(), health.RootElement.GetProperty("node_id").GetString(), health.RootElement.GetProperty("key_id").GetString()));
        foreach (var body in new[] { "", "{}", "[]", "null", "{\"version\":1}", new string('[', 100_000), "{\"alpha\":{},\"decision_id\":1,\"gamma\":{},\"policies\":[],\"settings\":{},\"version\":1}" })
        {
            using var answer = await http.PostAsync("/vote", new StringContent(body));
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        }

        // Asked first, so that the refusal is read before anything is sent that nobody takes.
        using var asking = new HttpRequestMessage(HttpMethod.Post, "/vote") { Content = new ByteArrayContent(new byte[VoteRequest.LengthMax + 1]) };
        asking.Headers.ExpectContinue = true;
        using var large = await http.SendAsync(asking);
        Assert.Equal(System.Net.HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "node-1.key")));
        }
    }

    [Fact]
    public async Task Nodes_are_registered_for_a_tenant_and_change_what_decisions_rest_on()
    {
        await using var one = await LyingNode.StartAsync("node-1", 1);
        await using var two = await LyingNode.StartAsync("node-2", 2);
        await using var server = await StartAsync(1, Named(one));
        var admin = await server.CreateKeyAsync("agent_admin", "nodes:read", "nodes:write");
        var before = server.App.Services.GetRequiredService<ISafetyQuorum>().Of("default");

        Assert.Equal(201, await PostAsync(server, admin, two.NodeId, two.Url, two.PublicKey));
        Assert.Equal(409, await PostAsync(server, admin, two.NodeId, two.Url, one.PublicKey));
        Assert.Equal(409, await PostAsync(server, admin, "node-9", two.Url, two.PublicKey));
        Assert.Equal(400, await PostAsync(server, admin, "Node 4", two.Url, two.PublicKey));
        Assert.Equal(400, await PostAsync(server, admin, "node-4", "http://user:secret@127.0.0.1/", two.PublicKey));
        Assert.Equal(400, await PostAsync(server, admin, "node-4", "http://169.254.169.254/", two.PublicKey));
        Assert.Equal(400, await PostAsync(server, admin, "node-4", "http://example.org/", two.PublicKey));
        Assert.Equal(400, await PostAsync(server, admin, "node-4", "file:///etc/passwd", two.PublicKey));
        Assert.Equal(400, await PostAsync(server, admin, "node-4", two.Url, "AAAA"));
        Assert.Equal(403, await PostAsync(server, await server.CreateKeyAsync("agent_other", "nodes:read"), "node-4", two.Url, two.PublicKey));
        var after = server.App.Services.GetRequiredService<ISafetyQuorum>().Of("default");

        Assert.Equal(["node-1"], before!.Nodes.Select(node => node.NodeId));
        Assert.Equal(["node-1", "node-2"], after!.Nodes.Select(node => node.NodeId));
        Assert.Equal(["node-1"], server.App.Services.GetRequiredService<ISafetyQuorum>().Of("other")!.Nodes.Select(node => node.NodeId));
        Assert.Null(await OpenAsync(server));
        Assert.Equal(["node-1 yes", "node-2 yes"], await VotesAsync(server));
        Assert.Equal(409, await DeleteAsync(server, admin, "node-1"));
        Assert.Equal(204, await DeleteAsync(server, admin, "node-2"));
        Assert.Equal(404, await DeleteAsync(server, admin, "node-2"));
    }

    [Fact]
    public async Task A_server_with_fewer_nodes_than_votes_does_not_start()
    {
        await using var one = await LyingNode.StartAsync("node-1", 1);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(2, Named(one)));

        Assert.Contains(Codes.QuorumImpossible, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static (string, string, string) Named(NodeProcess node) => (node.NodeId, node.Url, node.PublicKey);

    private static (string, string, string) Named(LyingNode node) => (node.NodeId, node.Url, node.PublicKey);

    private static Task<GatewayServer> StartAsync(int votes, params (string Id, string Url, string Key)[] nodes)
        => StartAsync(votes, TimeSpan.FromMinutes(1), nodes);

    private static Task<GatewayServer> StartAsync(int votes, TimeSpan deadline, params (string Id, string Url, string Key)[] nodes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["AgentGate:SafetyNodes:Votes"] = votes.ToString(System.Globalization.CultureInfo.InvariantCulture), ["AgentGate:SafetyNodes:Deadline"] = deadline.ToString("c"),
            ["AgentGate:SafetyNodes:AllowRegistered"] = "true",
        };
        foreach (var (i, (id, url, key)) in nodes.Index())
        {
            settings[$"AgentGate:SafetyNodes:Nodes:{i}:NodeId"] = id;
            settings[$"AgentGate:SafetyNodes:Nodes:{i}:Url"] = url;
            settings[$"AgentGate:SafetyNodes:Nodes:{i}:PublicKey"] = key;
        }

        return GatewayServer.StartAsync(
            builder => builder.Services.PostConfigure<PolicyOptions>(options =>
            {
                options.UseShippedDefault = false;
                options.Inline.Add(Text);
            }),
            settings);
    }

    /// <summary>Calls the tool that demands votes; the code of the denial, or nothing where it ran.</summary>
    private static async Task<string?> OpenAsync(GatewayServer server)
    {
        var ran = false;
        var function = server.App.Services.GetRequiredService<Gate>().Govern(AIFunctionFactory.Create((string valve) => ran = valve.Length > 0, "open_valve"));
        try
        {
            await function.InvokeAsync(new AIFunctionArguments(new Dictionary<string, object?> { ["valve"] = "v1" }));
            Assert.True(ran);
            return null;
        }
        catch (AgentGateDeniedException denied)
        {
            Assert.False(ran);
            return denied.Code;
        }
    }

    private static async Task<List<LogEntryBody>> EntriesAsync(GatewayServer server)
    {
        var entries = new List<LogEntryBody>();
        await foreach (var stored in server.App.Services.GetRequiredService<IAuditLog>().ReadChainAsync("default", 1, null, CancellationToken.None))
        {
            entries.Add(LogEntryParser.Parse(stored.Canonical.Span).Body);
        }

        return entries;
    }

    private static async Task<IReadOnlyList<string>> VotesAsync(GatewayServer server)
        => [.. (await EntriesAsync(server)).Where(entry => entry.Kind == EntryKind.Vote)
            .GroupBy(entry => entry.DecisionId)
            .SelectMany(votes => votes.Select(entry => $"{SignedVote.Parse(Encoding.UTF8.GetBytes(entry.Statement!)).Vote.NodeId} {entry.Detail}").Order(StringComparer.Ordinal))];

    /// <summary>A question about another tool with the very Γ that is in force, as a request and as the parts of a bundle.</summary>
    private static async Task<(byte[] Bundle, byte[] Request)> InadmissibleAsync(GatewayServer server)
    {
        var services = server.App.Services;
        var call = new GateCall
        {
            Id = services.GetRequiredService<IIdSource>().NewId(), Door = "test", Principal = new() { Id = "app", Tenant = "default" }, Action = "callTool",
            Resource = Kernel.Decisions.EntityRef.Tool("melt_core"), Context = new() { At = TimeProvider.System.GetUtcNow() },
            Content = AgentGate.Content.EmptyContent.Instance, Targets = [],
        };
        var policies = new CallPolicies(call, services.GetRequiredService<PolicyEntities>());
        Assert.Null(policies.Add());
        var active = services.GetRequiredService<PolicyRegistry>().Current("default");
        var epoch = services.GetRequiredService<KnowledgeEpochs>().Of("default", active);
        var alpha = AlphaJson.Write(AdmissibilityQuery.Of(call, policies, epoch, [])!.Evidence.Alpha with
        {
            ContentDigest = new string('1', 64), Nonce = new string('2', 32), Salt = new string('3', 64),
        });
        await Task.CompletedTask;
        var id = services.GetRequiredService<IIdSource>().NewId();
        var set = AgentGate.Certificates.PolicySetDocument.Write(active.Authorizer.Policies);
        var bundle = $$$"""
            {"alpha":{{{Encoding.UTF8.GetString(alpha)}}},"certificate":{"decision_id":"{{{id}}}"},"gamma":{{{Encoding.UTF8.GetString(epoch.Gamma.Span)}}},
             "policies":{{{Encoding.UTF8.GetString(set)}}},"settings":{{{Encoding.UTF8.GetString(epoch.Settings.Span)}}}}
            """;
        return (Encoding.UTF8.GetBytes(bundle), VoteRequest.Write(id, alpha, epoch.Gamma.Span, epoch.Settings.Span, set, default));
    }

    private static async Task<SignedVote> AskAsync(string url, byte[] request)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(url + "/vote"), new ByteArrayContent(request));
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, Encoding.UTF8.GetString(bytes));
        return SignedVote.Parse(bytes);
    }

    private static async Task<int> PostAsync(GatewayServer server, string key, string id, string url, string publicKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/api/security/safety-nodes")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { node_id = id, url, public_key = publicKey }), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task<int> DeleteAsync(GatewayServer server, string key, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{server.Url}/api/security/safety-nodes/{id}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var http = new HttpClient();
        using var answer = await http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static VerificationKey KeyOf(string jwk) => JsonWebKeys.Read(Encoding.UTF8.GetBytes($"{{\"keys\":[{jwk}]}}"))[0];

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
