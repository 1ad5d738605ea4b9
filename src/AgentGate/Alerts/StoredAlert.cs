using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>An alert in the store. Immutable.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Alert">The alert.</param>
/// <param name="RaisedAt">When it was raised.</param>
internal sealed record StoredAlert(string Id, Alert Alert, DateTimeOffset RaisedAt)
{
    /// <summary>How often the same was raised meanwhile and not sent; of a summary, how many alerts were held back.</summary>
    public long Repeats { get; init; }

    /// <summary>Whether it tells together of alerts that were held back.</summary>
    public bool IsSummary { get; init; }

    /// <summary>How far its deliveries are.</summary>
    public IReadOnlyList<AlertDeliveryState> Deliveries { get; init; } = [];
}
