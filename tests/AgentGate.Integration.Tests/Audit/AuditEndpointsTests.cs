using System.Net;
using System.Text;
using System.Text.Json;
using AgentGate.Audit;
using AgentGate.Client;
using AgentGate.Client.Audit;
using AgentGate.Client.Traces;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Integration.Tests.Audit;

public sealed class AuditEndpointsTests
{
    [Fact]
    public async Task The_log_is_listed_filtered_and_paged_for_ones_own_tenant()
    {
        await using var host = await AuditHost.StartAsync();
        for (var i = 1; i <= 7; i++)
        {
            await host.AppendAsync(i);
        }

        await host.AppendAsync(8, "b");
        var client = host.Client("a");

        var first = await client.ReadAuditAsync(new AuditFilter { Limit = 3 });
        await host.AppendAsync(9);
        var second = await client.ReadAuditAsync(new AuditFilter { Limit = 3, Cursor = first.NextCursor });
        var third = await client.ReadAuditAsync(new AuditFilter { Limit = 3, Cursor = second.NextCursor });
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], first.Entries.Concat(second.Entries).Concat(third.Entries).Select(e => e.Seq));
        Assert.Null(third.NextCursor);

        var entry = first.Entries[0];
        Assert.Equal(("denied", "AG1203", "crm/delete_record", "commit"), (entry.Kind, entry.Code, entry.Resource?.Id, entry.Durability));
        Assert.Equal(("Admissibility", 5, "rule"), (entry.Verdicts![0].Guard, entry.Verdicts[0].ElapsedUs, entry.Verdicts[0].Findings![0].Rule));
        Assert.Equal(8, (await client.ReadAuditAsync(new AuditFilter { EventType = "denied", Actor = "agent_1", Tool = "crm/delete_record", Search = "AG12" })).Entries.Count);
        Assert.Empty((await client.ReadAuditAsync(new AuditFilter { Until = DateTimeOffset.UtcNow.AddHours(-1) })).Entries);
        Assert.Equal("id-8", Assert.Single((await host.Client("b").ReadAuditAsync(new AuditFilter())).Entries).Id);
    }

    [Theory]
    [InlineData("api/audit?limit=0", "limit")]
    [InlineData("api/audit?limit=1001", "limit")]
    [InlineData("api/audit?limit=abc", "limit")]
    [InlineData("api/audit?since=yesterday", "since")]
    [InlineData("api/audit?until=2026-13-01T00:00:00Z", "until")]
    [InlineData("api/audit?kind=everything", "kind")]
    [InlineData("api/audit?cursor=-1", "cursor")]
    [InlineData("api/audit/export?format=xml", "format")]
    [InlineData("api/audit/export?hours=721", "hours")]
    [InlineData("api/traces?status=fine", "status")]
    [InlineData("api/traces?decision=maybe", "decision")]
    [InlineData("api/traces?offset=-1", "offset")]
    public async Task What_cannot_be_read_is_refused_by_name(string path, string field)
    {
        await using var host = await AuditHost.StartAsync();
        using var response = await host.Http("a").GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), AgentGateJson.Default.ProblemDocument);
        Assert.Equal((field, "AG4010"), (problem?.Field, problem?.Code));
    }

    [Fact]
    public async Task Verifying_tells_a_whole_log_from_a_broken_one_and_is_on_record()
    {
        await using var host = await AuditHost.StartAsync();
        for (var i = 1; i <= 5; i++)
        {
            await host.AppendAsync(i);
        }

        var client = host.Client("a");
        var whole = await client.VerifyChainAsync();
        Assert.Equal((true, 5L, null, null), (whole.Valid, whole.EntriesChecked, whole.FirstBrokenSeq, whole.Reason));
        Assert.NotNull(whole.ChainStart);
        var act = Assert.Single((await client.ReadAuditAsync(new AuditFilter { EventType = AdminActs.LogVerified })).Entries);
        Assert.Equal(("admin", "operator_1", "valid"), (act.Kind, act.Principal, act.Detail));

        host.Execute("UPDATE log_entries SET entry = replace(entry, 'agent_1', 'agent_2') WHERE seq = 3");
        var broken = await client.VerifyChainAsync();
        Assert.Equal((false, 2L, 3L, "edited"), (broken.Valid, broken.EntriesChecked, broken.FirstBrokenSeq, broken.Reason));
    }

    [Fact]
    public async Task An_exported_log_can_be_verified_with_the_key_alone()
    {
        await using var host = await AuditHost.StartAsync();
        for (var i = 1; i <= 1500; i++)
        {
            await host.AppendAsync(i);
        }

        var lines = Encoding.UTF8.GetString(await ExportAsync(host, "jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var secret = Encoding.UTF8.GetBytes(new string('k', 40));
        var verifier = new ChainVerifier("a", id => new LogKey(id, secret), ChainHead.Genesis);
        var seq = 0;
        foreach (var line in lines)
        {
            using var document = JsonDocument.Parse(line);
            var entry = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(document.RootElement.GetProperty("entry").GetRawText()));
            Assert.True(verifier.Add(++seq, entry, Convert.FromHexString(document.RootElement.GetProperty("hash").GetString()!)));
        }

        // The last entry is the export itself: it is on record before the first byte leaves.
        Assert.Equal(1501, verifier.Complete().Checked);
        Assert.Contains("\"action\":\"audit.export\"", lines[^1], StringComparison.Ordinal);

        using var json = JsonDocument.Parse(await ExportAsync(host, "json"));
        Assert.Equal(1502, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task A_CSV_export_holds_no_formula()
    {
        await using var host = await AuditHost.StartAsync();
        await host.AppendAsync(1, tool: "=HYPERLINK(\"http://x\")");
        await host.AppendAsync(2, "b");

        var lines = Encoding.UTF8.GetString(await ExportAsync(host, "csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(AuditCsv.Header.TrimEnd(), lines[0]);
        Assert.Contains(",\"'=HYPERLINK(\"\"http://x\"\")\",", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_that_cannot_be_put_on_record_does_not_happen()
    {
        await using var host = await AuditHost.StartAsync();
        await host.AppendAsync(1);
        host.Execute("DROP TABLE log_heads");

        var refusal = await Assert.ThrowsAsync<AgentGateApiException>(() => ExportAsync(host, "jsonl"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "AG4001"), (refusal.Status, refusal.Problem?.Code));
    }

    [Fact]
    public async Task Traces_are_listed_and_read_and_those_of_another_tenant_do_not_exist()
    {
        await using var host = await AuditHost.StartAsync();
        await host.AppendAsync(1, trace: true);
        await host.AppendAsync(2, trace: true);
        var client = host.Client("a");

        Assert.Equal(["call-2", "call-1"], (await client.ListTracesAsync(new TraceFilter { Status = "denied", Door = "openai.chat" })).Traces.Select(t => t.Id));
        Assert.Equal(["call-1"], (await client.ListTracesAsync(new TraceFilter { Limit = 1, Offset = 1 })).Traces.Select(t => t.Id));
        var trace = await client.ReadTraceAsync("call-1");
        Assert.Equal(("denied", "deny", "My SSN is <SSN_1>", 1.5), (trace?.Status, trace?.Decision, trace?.Sent, trace?.DurationMs));
        Assert.Equal("call-2", (await client.ReadTraceAsync("latest"))?.Id);
        Assert.Null(await host.Client("b").ReadTraceAsync("call-1"));
        Assert.Null(await host.Client("b").ReadTraceAsync("latest"));
        Assert.Empty((await host.Client("b").ListTracesAsync(new TraceFilter())).Traces);
    }

    private static async Task<byte[]> ExportAsync(AuditHost host, string format)
    {
        using var document = new MemoryStream();
        await host.Client("a").ExportAuditAsync(format, 24, document);
        return document.ToArray();
    }
}
