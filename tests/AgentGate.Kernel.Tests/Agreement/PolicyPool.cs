using AgentGate.Cedar.Syntax;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>Policies over the make-believe worlds: always satisfied, never, failing, or as it happens.</summary>
internal static class PolicyPool
{
    private static readonly string[] s_true =
    [
        "true",
        "context.hour >= 0 && context.weekday <= 7",
        "principal.id like \"p_*\"",
        "resource has name && resource.name like \"*\"",
        "principal.roles.contains(\"ops\") || !principal.roles.isEmpty() || principal.roles.isEmpty()",
        "if context has sourceIp then context.sourceIp.isInRange(ip(\"0.0.0.0/0\")) || context.sourceIp.isIpv6() else true",
        "context.at < datetime(\"2999-12-31T23:59:59.999Z\")",
        "context.at.offset(duration(\"1d2h3m4s5ms\")) > context.at",
        "context.at.toDate() <= context.at && context.at.toTime() >= duration(\"0ms\")",
        "context.price.lessThan(decimal(\"922337203685477.5807\"))",
        "context.nested.deep.value == -7 && context.nested has deep.value",
        "[1, 2, 3].containsAll([3, 1]) && [principal].containsAny([principal, action])",
        "principal is AgentGate::Agent && action in [AgentGate::Action::\"callTool\", action]",
        "{a: 1, \"b c\": [true]} == {\"b c\": [true, true], a: 1}",
        "principal.hasTag(\"team\") && principal.getTag(\"team\") == \"blue\"",
        "resource.effects.containsAny([\"read\", \"write\"]) || true",
        "-context.hour <= 0 && context.hour * 2 - context.hour == context.hour",
        "resource in AgentGate::ToolGroup::\"all\" || resource in [AgentGate::ToolGroup::\"all\", resource]",
    ];

    private static readonly string[] s_false =
    [
        "false",
        "principal == resource",
        "context.hour > 24",
        "resource.name like \"*never*seen*\"",
        "!(principal is AgentGate::Agent)",
        "context has nothing",
        "context has nothing.at.all",
        "ip(\"10.0.0.1\").isMulticast() || ip(\"::1/127\").isLoopback()",
        "decimal(\"1.0\").greaterThan(decimal(\"1.0001\"))",
        "duration(\"-1d\").toHours() > -24",
        "context.door == \"\\u{1f40d}\"",
    ];

    private static readonly string[] s_failing =
    [
        "context.nothing == 1",
        "principal.nothing.at.all",
        "9223372036854775807 + 1 > context.hour",
        "-9223372036854775808 - 1 < 0",
        "9223372036854775807 * 2 == 0",
        "context.hour < \"a\"",
        "ip(\"300.1.1.1\").isIpv4()",
        "decimal(\"1.23456\") == decimal(\"1.0\")",
        "datetime(\"2026-02-30\") == context.at",
        "duration(\"1w\") == duration(\"7d\")",
        "principal.getTag(\"absent\") == \"a\"",
        "AgentGate::Agent::\"nobody\".id == \"x\"",
        "context.price.lessThan(1)",
        "[1].contains(context.nothing)",
        "if context.hour then true else false",
        "principal in [resource, context.door]",
        "context.hour like \"*\"",
    ];

    private static readonly string[] s_perhaps =
    [
        "context.hour > 11",
        "context.door == \"mcp\"",
        "context.byModel",
        "context has sourceIp && context.sourceIp.isInRange(ip(\"10.0.0.0/8\"))",
        "principal in AgentGate::Role::\"ops\"",
        "resource.name like \"read_*\"",
        "resource.internal",
        "context.weekday <= 5 && context.maxTokens <= 4096",
        "context.sourceIp.isLoopback()",
        "principal.scopes.contains(\"mcp:call\")",
        "resource in AgentGate::ToolGroup::\"crm\"",
        "action == AgentGate::Action::\"callTool\" && context.restores.isEmpty()",
    ];

    public static string Always(Random random, PolicyEffect effect, string annotation = "") => Policy(random, effect, annotation, s_true);

    public static string Never(Random random, PolicyEffect effect, string annotation = "") => Policy(random, effect, annotation, s_false);

    public static string Failing(Random random, PolicyEffect effect) => Policy(random, effect, "", s_failing);

    public static string Perhaps(Random random, PolicyEffect effect, string annotation = "") => Policy(random, effect, annotation, s_perhaps);

    public static string Template(Random random)
        => random.Next(2) == 0 ? "permit(principal == ?principal, action, resource);" : "forbid(principal in ?principal, action, resource == ?resource) when { true };";

    private static string Policy(Random random, PolicyEffect effect, string annotation, string[] conditions)
    {
        var word = effect == PolicyEffect.Permit ? "permit" : "forbid";
        var scope = random.Next(4) switch
        {
            0 => "principal, action, resource",
            1 => "principal is AgentGate::Agent, action, resource",
            2 => "principal, action in [AgentGate::Action::\"callTool\", AgentGate::Action::\"callModel\", AgentGate::Action::\"read\", AgentGate::Action::\"write\"], resource",
            _ => "principal is AgentGate::Agent in AgentGate::Role::\"everyone\", action, resource",
        };
        var condition = conditions[random.Next(conditions.Length)];
        var clauses = random.Next(3) switch
        {
            0 => $"when {{ {condition} }}",
            1 => $"unless {{ !({condition}) }}",
            _ => $"when {{ true }} when {{ {condition} }}",
        };
        return $"{annotation}{word}({scope}) {clauses};";
    }
}
