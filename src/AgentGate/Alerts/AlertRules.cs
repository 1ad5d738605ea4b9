using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>
/// Decides whether an alert is sent: not if the same was sent a moment ago, not if there are too many of its kind, and always if nothing of
/// its severity was. Nothing is lost: what is not sent is counted where it is told of, and told to everybody who would have got it: a summary
/// has at least the severity of whatever it holds.
/// </summary>
internal static class AlertRules
{
    /// <summary>How far back the alerts of a kind matter.</summary>
    public static TimeSpan Horizon(AlertOptions options)
        => new[] { options.DedupWindow, options.Cooldown + options.Window }.Max();

    /// <summary>Decides.</summary>
    /// <param name="recent">The alerts of the same category and source within the horizon.</param>
    /// <param name="fingerprint">The fingerprint of the alert.</param>
    /// <param name="severity">Its severity.</param>
    /// <param name="now">When it is raised.</param>
    /// <param name="options">The bounds.</param>
    public static AlertChoice Decide(IReadOnlyList<RecentAlert> recent, string fingerprint, AlertSeverity severity, DateTimeOffset now, AlertOptions options)
    {
        var same = recent.Where(one => !one.IsSummary && one.Fingerprint == fingerprint && now - one.RaisedAt < options.DedupWindow && one.Severity >= severity)
            .MaxBy(one => one.RaisedAt);
        if (same is not null)
        {
            return new AlertChoice.Repeat(same.Id);
        }

        var cooling = recent.Where(one => one.IsSummary && now - one.RaisedAt < options.Cooldown).MaxBy(one => one.RaisedAt);
        var since = (cooling?.RaisedAt ?? now) - options.Window;
        var sent = recent.Where(one => !one.IsSummary && one.RaisedAt > since).ToList();
        if (severity > cooling?.Severity)
        {
            // INVARIANT: nothing is held in a summary of a lower severity: its channels may be fewer. The summary takes it on for those to come.
            return new AlertChoice.Send(cooling.Id);
        }

        if (severity == AlertSeverity.Critical || (cooling is null && sent.Count < options.MaxPerWindow))
        {
            return new AlertChoice.Send();
        }

        // INVARIANT: nothing that matters more than all that was sent is held back.
        return sent.TrueForAll(one => one.Severity < severity)
            ? new AlertChoice.Send()
            : new AlertChoice.Hold(cooling?.Id);
    }
}
