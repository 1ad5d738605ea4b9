namespace AgentGate.Policies;

/// <summary>The policies that are shipped (<c>default.cedar</c>), as people read them.</summary>
internal static class ShippedPolicies
{
    private static readonly Lazy<string> Source = new(() => PublishedSchema.Read("policies/default.cedar"));

    /// <summary>The text, in Cedar syntax.</summary>
    public static string Text => Source.Value;
}
