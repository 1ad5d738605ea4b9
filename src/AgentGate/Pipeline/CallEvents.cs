using AgentGate.Diagnostics;

namespace AgentGate.Pipeline;

/// <summary>The events of one call that somebody listens to. What a listener does never reaches the call.</summary>
internal sealed class CallEvents
{
    private readonly IGateEvents _events;
    private readonly GateCall _call;
    private readonly TimeProvider _time;
    private readonly GateMetrics _metrics;

    private CallEvents(IGateEvents events, GateCall call, TimeProvider time, GateMetrics metrics)
        => (_events, _call, _time, _metrics) = (events, call, time, metrics);

    /// <summary>The events of a call, or <see langword="null"/> where nobody listens.</summary>
    public static CallEvents? For(GateCall call, IGateEvents? events, TimeProvider time, GateMetrics metrics)
    {
        try
        {
            return events is not null && events.HasListener(call.Principal) ? new CallEvents(events, call, time, metrics) : null;
        }
        catch (Exception)
        {
            metrics.RecordFailure("events");
            return null;
        }
    }

    /// <summary>Tells one event.</summary>
    public void Tell(GateFact fact)
    {
        try
        {
            _events.Publish(new GateEvent(_call.Principal.Tenant, _call.Principal.Id, _call.Id, _call.ParentId, _time.GetUtcNow(), fact));
        }
        catch (Exception)
        {
            _metrics.RecordFailure("events");
        }
    }
}
