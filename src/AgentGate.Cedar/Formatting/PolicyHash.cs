using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <summary>Names policies by what they say: SHA-256 over the canonical form, in lower-case hex. Layout, comments and source positions do not count. Thread-safe.</summary>
public static class PolicyHash
{
    /// <summary>The hash of one policy or template; its id does not count.</summary>
    public static string Of(Policy policy) => throw new NotImplementedException();

    /// <summary>The hash of a set: ids, policies, templates and links, in whatever order they were added.</summary>
    public static string Of(PolicySet policies) => throw new NotImplementedException();
}
