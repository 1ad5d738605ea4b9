using System.Text;

namespace AgentGate.Architecture.Tests.Source;

/// <summary>How a broken rule is told: what is wrong, where, and what to do.</summary>
internal static class Violations
{
    public static void None(IEnumerable<string> violations, string whatToDo)
    {
        var found = violations.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (found.Count == 0)
        {
            return;
        }

        var message = new StringBuilder();
        foreach (var violation in found)
        {
            message.Append("  ").AppendLine(violation);
        }

        Assert.Fail($"{message}  What to do: {whatToDo}");
    }
}
