using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Benchmarks.Differential;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Benchmarks.Policies;

/// <summary>Time and allocation of one answer, beside the official engine's in the same run.</summary>
internal static class CedarBench
{
    private const int WasmMilliseconds = 1_200;
    private const int Rounds = 60;
    private static readonly (int Policies, double Microseconds)[] s_sizes = [(10, 1), (100, 1.5), (1_000, 2), (10_000, 4)];

    public static IEnumerable<BenchTable> Run(string root)
    {
        var table = new BenchTable(
            "cedar",
            "Cedar policies: one answer, p50, few policies apply; ours with entities and request at hand, ours with both read from JSON, and the official engine (cedar-wasm 4.13.0 under Node.js)",
            ("us", "F2"), ("bytes", "F0"), ("us with JSON", "F1"), ("bytes with JSON", "F0"), ("wasm us", "F0"), ("wasm heap bytes", "F0"), ("ratio", "F0"), ("ratio with JSON", "F1"));
        using var official = Official(root, table);
        foreach (var (policies, target) in s_sizes)
        {
            foreach (var workload in CedarWorkload.Of(policies))
            {
                var ours = Ours(workload);
                var wasm = official is null ? null : Wasm(official, workload, ours.Allowed);
                table.Rows.Add(new BenchRow(
                    $"{policies,6:N0} {workload.Name}", ours.Microseconds, ours.Bytes, ours.JsonMicroseconds, ours.JsonBytes,
                    wasm?.Microseconds, wasm?.Bytes, wasm?.Microseconds / ours.Microseconds, wasm?.Microseconds / ours.JsonMicroseconds)
                    .Against(FormattableString.Invariant($"<= {target} us, 0 bytes"), ours.Microseconds <= target && ours.Bytes == 0));
            }
        }

        table.Notes.Add("cedar-wasm is called with a policy set it has parsed before; it takes entities, request and context as JavaScript values with every call and has no other way. "
            + "`us with JSON` is ours doing the same work; its heap bytes are those of JavaScript, the engine's own memory not counted.");
        table.Notes.Add("bytes: the mean over all requests. An answer with no or one determining policy allocates nothing; the list of two or more does the first time these decide together.");
        table.Notes.Add("example applications: the published models (task lists, document sharing, code hosting) with policies of our own writing, for as many tenants as make up the number, each policy scoped to its tenant's types.");
        return [table];
    }

    private static OfficialEngine? Official(string root, BenchTable table)
    {
        try
        {
            OfficialEngine.Install(root);
            return OfficialEngine.Start(root);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            table.Notes.Add($"the official engine is missing: {exception.Message}");
            return null;
        }
    }

    private static Measured Ours(CedarWorkload workload)
    {
        var authorizer = Authorizer.Create(PolicySet.Parse(workload.Policies));
        var cases = workload.Requests.Select(request => (
            Json: Encoding.UTF8.GetBytes(request["entities"]!.ToJsonString()),
            Context: Encoding.UTF8.GetBytes(request["context"]!.ToJsonString()),
            Principal: Uid(request["principal"]!), Action: Uid(request["action"]!), Resource: Uid(request["resource"]!))).ToArray();
        var ready = cases.Select(one => (Request: new AuthorizationRequest(one.Principal, one.Action, one.Resource, EntitiesJson.ParseContext(one.Context)), Store: EntitiesJson.Parse(one.Json))).ToArray();
        var allowed = ready.Count(one => authorizer.Authorize(one.Request, one.Store).Decision == AuthorizationDecision.Allow);
        var (microseconds, bytes) = Measure(cases.Length, 200, i => authorizer.Authorize(ready[i].Request, ready[i].Store));
        var (withJson, jsonBytes) = Measure(cases.Length, 4, i => authorizer.Authorize(
            new AuthorizationRequest(cases[i].Principal, cases[i].Action, cases[i].Resource, EntitiesJson.ParseContext(cases[i].Context)), EntitiesJson.Parse(cases[i].Json)));
        return new Measured(microseconds, bytes, withJson, jsonBytes, allowed);
    }

    /// <summary>The median over rounds of the mean time of one call, and the bytes it allocates. The first half of the rounds warms up.</summary>
    private static (double Microseconds, double Bytes) Measure(int cases, int repeats, Func<int, AuthorizationResult> answer)
    {
        var times = new List<double>();
        var bytes = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var began = ThreadCpu.Now;
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                for (var i = 0; i < cases; i++)
                {
                    answer(i);
                }
            }

            var taken = ThreadCpu.Now - began;
            bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (round >= Rounds / 2)
            {
                times.Add(taken.TotalMicroseconds / (repeats * cases));
            }
        }

        return (Samples.Median(times), (double)bytes / (repeats * cases));
    }

    private static Measured Wasm(OfficialEngine official, CedarWorkload workload, int allowed)
    {
        official.Send(new JsonObject
        {
            ["id"] = 0,
            ["bench"] = new JsonObject
            {
                ["policies"] = new JsonObject { ["staticPolicies"] = workload.Policies },
                ["requests"] = new JsonArray([.. workload.Requests.Select(request => request.DeepClone())]),
                ["milliseconds"] = WasmMilliseconds,
            },
        });
        var answer = official.Receive();
        return answer["crash"] is { } crash ? throw new InvalidOperationException($"cedar-wasm: {crash}")
            : (int)answer["allowed"]! != allowed ? throw new InvalidOperationException($"{workload.Name}: ours allows {allowed} requests, cedar-wasm {answer["allowed"]}")
            : new Measured((double)answer["p50"]! / 1_000, (double)answer["heap"]!, 0, 0, allowed);
    }

    private static EntityUid Uid(JsonNode uid) => new((string)uid["type"]!, (string)uid["id"]!);

    private sealed record Measured(double Microseconds, double Bytes, double JsonMicroseconds, double JsonBytes, int Allowed);
}
