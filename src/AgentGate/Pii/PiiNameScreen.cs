using AgentGate.Pii.Detection;
using AgentGate.Pipeline;

namespace AgentGate.Pii;

/// <summary>Screens names with the recognisers of the Pii guard.</summary>
internal sealed class PiiNameScreen(IPiiScanner scanner) : INameScreen
{
    public bool MayGoOnRecord(string name)
    {
        var matches = new List<PiiMatch>();
        scanner.Scan(name, matches);
        return matches.Count == 0;
    }
}
