using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>One make-believe call: who asks for what under which circumstances, with every kind of value.</summary>
internal sealed class World
{
    private static readonly string[] s_tools =
    [
        "crm/delete_record", "crm/read_notes", "crm/sub/list", "web/search", "файлы/открыть", "a\"b\\c/\u0001tab\t", "😀/emoji", "__proto__", "CRM/Delete_Record", "\uFFFD\uE000/\u2028",
    ];

    private static readonly string[] s_doors = ["mcp", "sdk.chat", "openai.chat", "anthropic.messages"];

    public World(Random random)
    {
        Principal = random.Next(8) == 0 ? "p_Ünï\u0301códe" : $"p_{Hex(random, 8)}";
        Tool = s_tools[random.Next(s_tools.Length)];
        Action = random.Next(4) == 0 ? GateActions.CallModel : GateActions.CallTool;
        Resource = Action == GateActions.CallModel ? EntityRef.Model("gpt-5-mini") : EntityRef.Tool(Tool);
        Door = s_doors[random.Next(s_doors.Length)];
        At = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(random.NextInt64(0, 300L * 24 * 3600 * 1000));
        Source = random.Next(4) == 0 ? null : random.Next(2) == 0 ? $"10.{random.Next(256)}.{random.Next(256)}.{random.Next(256)}" : random.Next(2) == 0 ? "2001:db8::1" : "192.0.2.7";
        ByModel = random.Next(2) == 0;
        Agent = AgentOf(Principal, random);
        Context = ContextOf(random);
        Target = ResourceOf(random);
    }

    public string Principal { get; }

    public string Tool { get; }

    public string Action { get; }

    public EntityRef Resource { get; }

    public string Door { get; }

    public DateTimeOffset At { get; }

    public string? Source { get; }

    public bool ByModel { get; }

    public Entity Agent { get; }

    public Entity Target { get; }

    public CedarRecord Context { get; }

    public EntityUid ActionUid => new("AgentGate::Action", Action);

    /// <summary>Text of some random bytes, in hex.</summary>
    public static string Hex(Random random, int bytes)
    {
        var buffer = new byte[bytes];
        random.NextBytes(buffer);
        return Convert.ToHexStringLower(buffer);
    }

    /// <summary>A question about the call itself by a principal.</summary>
    public PolicyQuestion Ask(string principal, QuestionDemand demand, Random random)
        => new(demand, new EntityUid("AgentGate::Agent", principal), ActionUid, Target.Uid, Context,
            EntityStore.Create(principal == Principal ? Agent : AgentOf(principal, random), Target));

    /// <summary>A question about something the call does beside: another resource, other circumstances.</summary>
    public PolicyQuestion AskBeside(string principal, string action, string path, Random random)
    {
        var target = new Entity(new EntityUid("AgentGate::Path", path))
        {
            Attributes = Record(("id", new CedarString(path)), ("name", new CedarString(path)), ("effects", new CedarSet()), ("internal", CedarBool.False)),
        };
        var context = new CedarRecord([.. Context.Where(static field => field.Key != "hour"), new("hour", new CedarLong(random.Next(24))), new("argument", new CedarString("path"))]);
        return new(QuestionDemand.Permit, new EntityUid("AgentGate::Agent", principal), new EntityUid("AgentGate::Action", action), target.Uid, context,
            EntityStore.Create(principal == Principal ? Agent : AgentOf(principal, random), target));
    }

    private static Entity AgentOf(string id, Random random) => new(new EntityUid("AgentGate::Agent", id))
    {
        Attributes = Record(
            ("id", new CedarString(id)),
            ("roles", new CedarSet(random.Next(2) == 0 ? [new CedarString("ops"), new CedarString("dev")] : [new CedarString("dev")])),
            ("scopes", new CedarSet([new CedarString("mcp:call")])),
            ("__proto__", new CedarLong(random.Next(-5, 5)))),
        Tags = Record(("team", new CedarString("blue"))),
        Parents = random.Next(2) == 0 ? [new("AgentGate::Role", "everyone")] : [new("AgentGate::Role", "ops"), new("AgentGate::Role", "everyone")],
    };

    private Entity ResourceOf(Random random) => new(new EntityUid(Resource.Type, Resource.Id))
    {
        Attributes = Record(
            ("id", new CedarString(Resource.Id)),
            ("name", new CedarString(Resource.Id[(Resource.Id.LastIndexOf('/') + 1)..])),
            ("effects", new CedarSet(random.Next(2) == 0 ? [new CedarString("read")] : [])),
            ("internal", CedarBool.Of(random.Next(2) == 0))),
        Parents = random.Next(2) == 0 ? [new("AgentGate::ToolGroup", "all")] : [new("AgentGate::ToolGroup", "crm"), new("AgentGate::ToolGroup", "all")],
    };

    private CedarRecord ContextOf(Random random)
    {
        var fields = new List<(string, CedarValue)>
        {
            ("at", CedarDatetime.From(At)),
            ("hour", new CedarLong(At.Hour)),
            ("weekday", new CedarLong(1 + random.Next(7))),
            ("door", new CedarString(Door)),
            ("byModel", CedarBool.Of(ByModel)),
            ("restores", new CedarSet(random.Next(2) == 0 ? [] : [new CedarString("email"), new CedarString("ssn")])),
            ("price", Read(CedarDecimal.TryParse("12.3400", out var price), price)),
            ("wait", new CedarDuration(random.NextInt64(-100_000, 100_000))),
            ("longAgo", new CedarDatetime(-62_135_596_800_001L - random.Next(1000))),
            ("biggest", new CedarLong(random.Next(2) == 0 ? 9_007_199_254_740_991 : -9_007_199_254_740_991)),
            ("nested", Record(("deep", Record(("value", new CedarLong(-7)), ("set", new CedarSet([new CedarSet([new CedarLong(1)]), CedarBool.True])))))),
            ("agent", new EntityUid("AgentGate::Agent", Principal)),
        };
        if (random.Next(2) == 0)
        {
            fields.Add(("maxTokens", new CedarLong(random.Next(10_000))));
        }

        if (Source is not null)
        {
            fields.Add(("sourceIp", Read(CedarIpAddress.TryParse(Source, out var source), source)));
        }

        return Record([.. fields]);
    }

    private static CedarRecord Record(params (string Name, CedarValue Value)[] fields)
        => new(fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)));

    private static CedarValue Read(bool isRead, CedarValue? value) => isRead ? value! : throw new InvalidOperationException("The value is none.");
}
