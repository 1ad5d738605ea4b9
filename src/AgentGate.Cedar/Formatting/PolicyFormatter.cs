using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <summary>Lays policies out the one way: parsing the result gives the same policies, comments stay. Thread-safe.</summary>
public static class PolicyFormatter
{
    /// <summary>Formats a text of policies and templates.</summary>
    /// <exception cref="PolicySyntaxException">The text does not parse.</exception>
    public static string Format(string text) => throw new NotImplementedException();

    /// <summary>One policy or template in Cedar syntax, formatted.</summary>
    public static string Format(Policy policy) => throw new NotImplementedException();
}
