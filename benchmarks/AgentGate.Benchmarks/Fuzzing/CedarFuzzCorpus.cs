using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AgentGate.Benchmarks.Differential;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>Well-formed inputs to begin with: generated ones, and those of the corpus where it lies beside the repository.</summary>
internal static class CedarFuzzCorpus
{
    private const int Generated = 400;
    private const int Lines = 400;
    private const int LengthMax = 6_000;

    private static readonly string[] s_schemas =
    [
        """{"":{"entityTypes":{"User":{"memberOfTypes":["Team"],"shape":{"type":"Record","attributes":{"age":{"type":"Long","required":false},"tags":{"type":"Set","element":{"type":"String"}}}},"tags":{"type":"String"}},"Team":{}},"actions":{"view":{"memberOf":[{"id":"read"}],"appliesTo":{"principalTypes":["User"],"resourceTypes":["Team"],"context":{"type":"Record","attributes":{"ip":{"type":"Extension","name":"ipaddr"}}}}},"read":{}}}}""",
        """{"A::B":{"commonTypes":{"T":{"type":"Record","attributes":{"a":{"type":"EntityOrCommon","name":"C"}}}},"entityTypes":{"C":{"enum":["x","y"]},"D":{"shape":{"type":"T"}}},"actions":{"do":{"appliesTo":{"principalTypes":["D"],"resourceTypes":["C"],"context":{"type":"T"}}}}}}""",
        """{"":{"commonTypes":{"a":{"type":"b"},"b":{"type":"a"}},"entityTypes":{},"actions":{}}}""",
    ];

    private static readonly string[] s_policies =
    [
        """{"staticPolicies":{"p":{"effect":"permit","principal":{"op":"==","entity":{"type":"User","id":"a"}},"action":{"op":"in","entities":[{"type":"Action","id":"v"}]},"resource":{"op":"is","entity_type":"Doc","in":{"entity":{"type":"F","id":"f"}}},"conditions":[{"kind":"when","body":{"&&":{"left":{"has":{"left":{"Var":"principal"},"attr":"x"}},"right":{"<":{"left":{".":{"left":{"Var":"principal"},"attr":"x"}},"right":{"Value":42}}}}}}]}},"templates":{"t":{"effect":"forbid","principal":{"op":"in","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"unless","body":{"like":{"left":{"Value":"a"},"pattern":["Wildcard",{"Literal":"x"}]}}},{"kind":"when","body":{"if-then-else":{"if":{"isIpv4":[{"ip":[{"Value":"10.0.0.1"}]}]},"then":{"Set":[{"Record":{"k":{"Value":{"__entity":{"type":"T","id":"i"}}}}}]},"else":{"is":{"left":{"Var":"resource"},"entity_type":"Doc"}}}}}]}},"templateLinks":[{"templateId":"t","newId":"l","values":{"?principal":{"type":"User","id":"b"}}}]}""",
    ];

    /// <summary>Inputs for each kind.</summary>
    /// <param name="file">The corpus, or <see langword="null"/>.</param>
    public static IReadOnlyList<IReadOnlyList<byte[]>> Load(string? file)
    {
        var kinds = Enum.GetValues<CedarFuzzKind>().Select(_ => new List<byte[]>()).ToArray();
        for (var number = 0; number < Generated; number++)
        {
            var made = DifferentialCase.Make(20261122, number, requests: 1);
            foreach (var policy in made.Policies)
            {
                Add(CedarFuzzKind.Policies, policy.ToString());
                Add(CedarFuzzKind.PolicyJson, PolicySet.TryParse(policy.ToString(), PolicyIdSource.Position, out var set, out _) ? Encoding.UTF8.GetString(set.ToJson()) : null);
            }

            Add(CedarFuzzKind.Schema, made.Schema);
            Add(CedarFuzzKind.EntitiesJson, $"[{string.Join(',', made.Entities.Take(3).Select(entity => entity.ToJsonString()))}]");
            Add(CedarFuzzKind.ContextJson, made.Requests[0]["context"]!.ToJsonString());
        }

        foreach (var text in s_schemas)
        {
            Add(CedarFuzzKind.SchemaJson, text);
        }

        foreach (var text in s_policies)
        {
            Add(CedarFuzzKind.PolicyJson, text);
        }

        if (file is not null && File.Exists(file))
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            for (var line = reader.ReadLine(); line is not null && kinds[0].Count < (Generated * 4) + Lines; line = reader.ReadLine())
            {
                using var row = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 1_000 });
                Add(CedarFuzzKind.Policies, row.RootElement.GetProperty("policies").GetString());
                Add(CedarFuzzKind.Schema, row.RootElement.GetProperty("schema").GetString());
                Add(CedarFuzzKind.EntitiesJson, row.RootElement.GetProperty("entities").GetRawText());
                Add(CedarFuzzKind.ContextJson, row.RootElement.GetProperty("requests")[0].GetProperty("context").GetRawText());
            }
        }

        return kinds;

        void Add(CedarFuzzKind kind, string? text)
        {
            if (text is { Length: > 0 and < LengthMax })
            {
                kinds[(int)kind].Add(Encoding.UTF8.GetBytes(text));
            }
        }
    }
}
