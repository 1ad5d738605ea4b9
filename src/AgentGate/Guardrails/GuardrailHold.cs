using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Guardrails;

/// <summary>
/// The place of a call in its guardrails. It is counted from the decision on; one that did not happen is taken back, and so is one that
/// failed, unless the rule counts those. A crash in between, or a store that is away, leaves it counted until it lapses.
/// </summary>
internal sealed partial class GuardrailHold(
    IGuardrailStore store,
    List<GuardrailClaim> claims,
    GateCall call,
    TimeSpan deadline,
    TimeProvider time,
    GuardrailMetrics metrics,
    GuardrailStoreHealth health,
    ILogger logger) : ICallHold
{
    public async ValueTask EndedAsync(CallFate fate)
    {
        List<GuardrailClaim> back = fate switch
        {
            CallFate.NotRun => claims,
            CallFate.Failed => claims.FindAll(claim => !claim.Unit.CountsFailed),
            _ => [],
        };
        if (back.Count == 0)
        {
            return;
        }

        try
        {
            TrackKey[] keys = [.. back.Select(claim => claim.Key)];
            var asked = store.ChangeAsync(keys, (tracks, _) => GiveBack(back, tracks), CancellationToken.None);
            _ = asked.IsCompletedSuccessfully ? asked.Result : await asked.AsTask().WaitAsync(deadline, time);
            metrics.GivenBack(call.Principal.Tenant, done: true);
        }
        catch (Exception lost) when (lost is GuardrailStoreLostException or TimeoutException)
        {
            health.Lost(lost);
            metrics.GivenBack(call.Principal.Tenant, done: false);
            Log.NotGivenBack(logger, Codes.GuardrailNotGivenBack, call.Id, lost is GuardrailStoreLostException ? lost.Message : lost.GetType().Name);
        }
    }

    private bool GiveBack(List<GuardrailClaim> back, IReadOnlyList<GuardrailTrack> tracks)
    {
        for (var i = 0; i < back.Count; i++)
        {
            back[i].Unit.GiveBack(tracks[i], call.Id);
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2309, Level = LogLevel.Warning, Message = "{Code}: call {CallId} did not happen and stays counted until it lapses, because the store of the guardrails is lost ({Cause}).")]
        public static partial void NotGivenBack(ILogger logger, string code, string callId, string cause);
    }
}
