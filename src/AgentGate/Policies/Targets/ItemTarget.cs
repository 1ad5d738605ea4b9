namespace AgentGate.Policies.Targets;

/// <summary>Anything that has a name and no structure policies would know: a table, an account, a recipient.</summary>
internal static class ItemTarget
{
    /// <summary>Reads a name.</summary>
    public static TargetReading Read(string text)
        => TargetText.Check(ref text) is { } fault ? TargetReading.No(fault)
            : new([new Target(new(PolicyNames.Item, text))], null);
}
