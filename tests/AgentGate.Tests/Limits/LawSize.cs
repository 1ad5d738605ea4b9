using System.Globalization;

namespace AgentGate.Tests.Limits;

/// <summary>How many random schedules a law is tried on: a sample in the ordinary run, as many as <c>./run laws</c> says in its own.</summary>
internal static class LawSize
{
    public static int Schedules { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("AGENTGATE_LAW_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out var schedules)
            ? schedules
            : 2_000;
}
