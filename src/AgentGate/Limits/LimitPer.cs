namespace AgentGate.Limits;

/// <summary>What a limit counts apart: one count for each value of the named parts. Parts combine: <c>User, Tool</c> is one count per user and tool.</summary>
[Flags]
public enum LimitPer
{
    /// <summary>One count for everything the rule's patterns fit, over all tenants.</summary>
    Global = 0,

    /// <summary>One count per tenant. Implied by every other part: nothing but <see cref="Global"/> counts across tenants.</summary>
    Tenant = 1,

    /// <summary>
    /// One count per person a call is made for: what a user asks and what all keys of that user ask count together. A principal nobody
    /// answers for, as one of the server's operator or in process, is counted by itself.
    /// </summary>
    User = 2,

    /// <summary>One count per principal that asks. There is no principal without a name, so strangers never share a count.</summary>
    Agent = 4,

    /// <summary>One count per API key; a call made in process has none and is counted by its principal.</summary>
    Key = 8,

    /// <summary>One count per tool, without regard to case. The rule fits calls of tools only.</summary>
    Tool = 16,

    /// <summary>One count per model as the provider knows it, so that two names of one model share it. The rule fits calls of models only.</summary>
    Model = 32,
}
