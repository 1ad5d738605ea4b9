using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;

namespace AgentGate.Policies;

/// <summary>The circumstances of a call as the published schema types them. Everything in it is attested by the server.</summary>
internal static class PolicyContext
{
    /// <summary>Sets of one word are mostly the same few: a provider, a region, a kind of part. Bounded, because callers have a say in some.</summary>
    private const int WordsMax = 1024;

    private static readonly CedarLong[] s_small = [.. Enumerable.Range(0, 24).Select(static number => new CedarLong(number))];
    private static readonly ConcurrentDictionary<string, CedarSet> s_words = new(StringComparer.Ordinal);

    /// <summary>The circumstances of a call itself (<c>Circumstances</c>).</summary>
    /// <param name="call">The call.</param>
    /// <param name="byModel">Whether a model asks, or would ask.</param>
    public static CedarRecord Of(GateCall call, bool byModel)
    {
        var fields = Common(call, byModel, 14);
        fields.Add(new("streaming", CedarBool.Of(call.Context.Streaming)));
        fields.Add(new("providers", Words(call.Targets.IsDefaultOrEmpty ? [] : [.. call.Targets.Select(static target => target.Provider)])));
        fields.Add(new("regions", Words(call.Targets.IsDefaultOrEmpty ? [] : [.. call.Targets.Where(static target => target.Region is not null).Select(static target => target.Region!)])));
        fields.Add(new("unread", Words(call.Content.UnreadKinds)));
        fields.Add(new("choices", Number(call.Context.Output?.Choices ?? 1)));
        if (call.Context.Output?.TokensMax is { } tokens)
        {
            fields.Add(new("maxTokens", new CedarLong(tokens)));
        }

        return new CedarRecord(fields);
    }

    /// <summary>The circumstances of what a tool does to a target (<c>ToolCircumstances</c>).</summary>
    /// <param name="call">The call of the tool.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="argument">The argument that names the target.</param>
    public static CedarRecord Of(GateCall call, EntityUid tool, string argument)
    {
        var fields = Common(call, call.ParentId is not null, 10);
        fields.Add(new("tool", tool));
        fields.Add(new("argument", new CedarString(argument)));
        return new CedarRecord(fields);
    }

    private static List<KeyValuePair<string, CedarValue>> Common(GateCall call, bool byModel, int capacity)
    {
        var at = call.Context.At.ToUniversalTime();
        var fields = new List<KeyValuePair<string, CedarValue>>(capacity)
        {
            new("at", new CedarDatetime(at.ToUnixTimeMilliseconds())),
            new("hour", s_small[at.Hour]),
            new("weekday", s_small[at.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)at.DayOfWeek]),
            new("door", new CedarString(call.Door)),
            new("byModel", CedarBool.Of(byModel)),
            new("restores", Words(call.Context.Restores)),
            new("facts", Words(call.Context.Facts)),
        };
        if (call.Context.SourceAddress is { } source && AddressTarget.TryRead(source, out var ip))
        {
            fields.Add(new("sourceIp", ip));
        }

        return fields;
    }

    private static CedarLong Number(long number) => number is >= 0 and < 24 ? s_small[number] : new CedarLong(number);

    private static CedarSet Words(ImmutableArray<string> words)
    {
        if (words.IsDefaultOrEmpty)
        {
            return CedarSet.Empty;
        }

        if (words.Length > 1)
        {
            return new CedarSet(words.Select(static word => new CedarString(word)));
        }

        if (s_words.TryGetValue(words[0], out var known))
        {
            return known;
        }

        var set = new CedarSet(new CedarString(words[0]));
        if (s_words.Count < WordsMax)
        {
            s_words.TryAdd(words[0], set);
        }

        return set;
    }
}
