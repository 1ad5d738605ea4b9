namespace AgentGate.Alerts;

/// <summary>The words for how far a delivery is.</summary>
internal static class AlertStates
{
    public const string Waiting = "waiting";
    public const string Sent = "sent";
    public const string GivenUp = "given-up";
}
