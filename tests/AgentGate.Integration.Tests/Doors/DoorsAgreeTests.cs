using System.ClientModel;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Chat;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Providers.Demo;
using Microsoft.Extensions.AI;

namespace AgentGate.Integration.Tests.Doors;

/// <summary>One table of calls through the SDK door and through the gateway: same verdict, same record, same bytes to the provider.</summary>
public sealed class DoorsAgreeTests(DoorsFixture doors)
{
    private const string Ssn = "123-45-6789";

    private static readonly AIFunction Look = Tool("look");
    private static readonly AIFunction Delete = Tool("delete_user");
    private static readonly AIFunction Find = Tool("crm_find");
    private static readonly AIFunction Mail = Tool("send_mail");

    /// <summary>The table: what is asked, and the code of the denial that must be on record, if any.</summary>
    private static readonly Dictionary<string, Row> Table = new()
    {
        ["plain text"] = new("Hello there"),
        ["personal data"] = new($"My SSN is {Ssn} and my mail is jane.roe@example.com"),
        ["personal data in the instructions"] = new("Hello", new ChatOptions { Instructions = $"The user's SSN is {Ssn}" }),
        ["personal data in a stop word and a tool's description"] = new(
            "Hello", new ChatOptions { StopSequences = ["jane.roe@example.com"], Tools = [Tool("look", "Looks up jane.roe@example.com")] }),
        ["a look-alike token"] = new($"Is <SSN_1> the same as {Ssn}?"),
        ["a value inside JSON inside a text"] = new("""{"ssn":"123-45-6789","list":["4111111111111111"]}"""),
        ["a history with calls and results"] = new(
            [
                new ChatMessage(ChatRole.User, "Find jane"),
                new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("c1", "crm_find", new Dictionary<string, object?> { ["ssn"] = Ssn })]),
                new ChatMessage(ChatRole.Tool, [new FunctionResultContent("c1", """{"mail":"jane.roe@example.com","ssn":"123-45-6789"}""")]),
            ],
            new ChatOptions { Tools = [Find] }),
        ["a forbidden model"] = new("Hello") { Model = DoorsFixture.ForbiddenModel, Code = "AG1202" },
        ["the definition of a forbidden tool"] = new("Hello", new ChatOptions { Tools = [Look, Delete] }),
        ["nothing but forbidden tools"] = new("Hello", new ChatOptions { Tools = [Delete], ToolMode = ChatToolMode.Auto }),
        ["a forbidden tool that is forced"] = new(
            "Hello", new ChatOptions { Tools = [Look, Delete], ToolMode = ChatToolMode.RequireSpecific("delete_user") }) { Code = "AG1205" },
        ["the model calls a permitted tool"] = new("""/tool look {"at":"the map"}""", new ChatOptions { Tools = [Look] }),
        ["the model calls a forbidden tool"] = new("""/tool delete_user {"id":"7"}""", new ChatOptions { Tools = [Look, Delete] }) { Code = "AG1202" },
        ["the model calls a permitted and a forbidden tool"] = new(
            "/say Both:\n/tool look {}\n/tool delete_user {}", new ChatOptions { Tools = [Look, Delete] }) { Code = "AG1202" },
        ["the model calls a tool nobody declared"] = new("/tool invented {}", new ChatOptions { Tools = [Look] }) { Code = "AG1203" },
        ["the model's arguments are not JSON"] = new("Hello", new ChatOptions { Tools = [Look] }) { Model = DoorsFixture.BrokenModel, Code = "AG1204" },
        ["an internal tool gets values"] = new($$"""/tool crm_find {"ssn":"{{Ssn}}","n":[1,{"deep":"{{Ssn}}"}]}""", new ChatOptions { Tools = [Find] })
        {
            Arguments = $$"""{"ssn":"{{Ssn}}","n":[1,{"deep":"{{Ssn}}"}]}""",
        },
        ["another tool gets tokens"] = new($$"""/tool send_mail {"about":"{{Ssn}}"}""", new ChatOptions { Tools = [Mail] })
        {
            Arguments = """{"about":"<SSN_1>"}""",
        },
        ["an image nobody can read"] = new(
            [new ChatMessage(ChatRole.User, [new TextContent("Look"), new DataContent(new byte[] { 1, 2, 3 }, "image/png")])]) { Code = "AG1117" },
        ["a sound nobody can read"] = new(
            [new ChatMessage(ChatRole.User, [new TextContent("Listen"), new DataContent(new byte[] { 1, 2, 3 }, "audio/wav")])]) { Code = "AG1117" },
        ["a file nobody can read"] = new(
            [new ChatMessage(ChatRole.User, [new TextContent("Read"), new DataContent(new byte[] { 1, 2, 3 }, "application/pdf") { Name = "a.pdf" }])]) { Code = "AG1117" },
        ["a remote image"] = new(
            [new ChatMessage(ChatRole.User, [new TextContent("Look"), new UriContent("https://example.com/a.png", "image/png")])]) { Code = "AG1201" },
        ["a file at the provider"] = new(
            [new ChatMessage(ChatRole.User, [new TextContent("Read"), new HostedFileContent("file-1")])]) { Code = "AG1201" },
        ["a web search of the provider"] = new("Hello", new ChatOptions { Tools = [new HostedWebSearchTool()] }) { Code = "AG1201" },
    };

    public static TheoryData<string, bool> Calls()
    {
        var calls = new TheoryData<string, bool>();
        foreach (var name in Table.Keys)
        {
            calls.Add(name, false);
            calls.Add(name, true);
        }

        return calls;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Both_doors_give_the_same_verdict_the_same_answer_and_the_same_record(string name, bool stream)
    {
        var row = Table[name];

        var sdk = await AskAsync(row, inProcess: true, stream);
        var gateway = await AskAsync(row, inProcess: false, stream);

        Assert.Equal(gateway.Record, sdk.Record);
        Assert.Equal(gateway.Traces, sdk.Traces);
        Assert.Equal(gateway.Answer, sdk.Answer);
        Assert.True(JsonNode.DeepEquals(gateway.Received, sdk.Received), $"gateway sent {gateway.Received}\nSDK sent {sdk.Received}");
        Assert.Equal(row.Code, sdk.Codes.FirstOrDefault());
        Assert.DoesNotContain(Ssn, sdk.Received?.ToJsonString(Relaxed) ?? "", StringComparison.Ordinal);
        if (row.Arguments is { } arguments)
        {
            Assert.Contains(arguments, sdk.Answer, StringComparison.Ordinal);
        }
    }

    private async Task<Seen> AskAsync(Row row, bool inProcess, bool stream)
    {
        var (before, _, _) = await doors.RecordAsync(inProcess, 0);
        var provider = inProcess ? doors.ReceivedInProcess : doors.ReceivedByGateway;
        var received = provider.Received.Count;
        using var client = inProcess ? doors.InProcess(row.Model) : doors.ThroughGateway(row.Model);
        string answer;
        try
        {
            var response = stream
                ? await client.GetStreamingResponseAsync(row.Messages, row.Options?.Clone()).ToChatResponseAsync()
                : await client.GetResponseAsync(row.Messages, row.Options?.Clone());
            answer = Describe(response);
        }
        catch (Exception denied) when (denied is AgentGateDeniedException or ClientResultException)
        {
            answer = "denied";
        }

        var (_, entries, traces) = await doors.RecordAsync(inProcess, before);
        Assert.NotEmpty(entries);
        Assert.All(traces, trace => Assert.DoesNotContain(Ssn, trace.Sent ?? "", StringComparison.Ordinal));
        var body = provider.Received.Skip(received).Select(one => JsonNode.Parse(one.Body.Span)).SingleOrDefault();
        return new Seen(
            string.Join('\n', entries.Select(Describe)),
            string.Join('\n', traces.Select(Describe)),
            answer,
            body,
            [.. entries.Select(entry => entry.Code).OfType<string>().Distinct()]);
    }

    // The wire format has one text beside a list of calls; where between them a refusal stands is the door's own.
    private static string Describe(ChatResponse response)
    {
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        var text = string.Concat(contents.OfType<TextContent>().Select(content => content.Text)).ReplaceLineEndings("");
        var calls = contents.OfType<FunctionCallContent>()
            .Select(call => $"{call.CallId.Length > 0} {call.Name} {JsonSerializer.Serialize(call.Arguments, Relaxed)}");
        return string.Join('\n', calls.Prepend(text).Append($"{response.FinishReason}"));
    }

    private static string Describe(LogEntryBody entry)
        => $"{entry.Kind} {entry.Action} {entry.Resource} [{string.Join(' ', entry.AlsoRequired)}] {entry.Decision} {entry.Code} {entry.Outcome} "
            + $"[{string.Join(' ', entry.Unread)}] {entry.ParentCallId is not null} {entry.RawBinding is not null} {entry.ContentDigest is not null} "
            + $"{entry.TransportDigest is not null} {entry.ResponseDigest is not null} {entry.Usage} {Describe(entry.Verdicts)}";

    private static string Describe(CallTrace trace)
        => $"{trace.Action} {trace.Resource} {trace.Decision} {trace.Code} {trace.Reason} {trace.Outcome} {trace.Sent is not null} "
            + Describe(trace.Verdicts);

    private static string Describe(ImmutableArray<Kernel.Decisions.VerdictRecord> verdicts)
        => string.Join(", ", verdicts.Select(verdict =>
            $"{verdict.Guard} {verdict.Answer} {verdict.Code} ({string.Join(' ', verdict.Findings.Select(finding => $"{finding.Rule}:{finding.Note}").Distinct().Order(StringComparer.Ordinal))})"));

    private static readonly JsonSerializerOptions Relaxed =
        new(AIJsonUtilities.DefaultOptions) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = false };

    private static AIFunction Tool(string name, string? description = null) => AIFunctionFactory.Create((string? at) => at, name, description);

    private sealed record Row(IList<ChatMessage> Messages, ChatOptions? Options = null)
    {
        public Row(string text, ChatOptions? options = null)
            : this([new ChatMessage(ChatRole.User, text)], options)
        {
        }

        public string Model { get; init; } = DemoModel.EchoModel;

        public string? Code { get; init; }

        public string? Arguments { get; init; }
    }

    private sealed record Seen(string Record, string Traces, string Answer, JsonNode? Received, ImmutableArray<string> Codes);
}
