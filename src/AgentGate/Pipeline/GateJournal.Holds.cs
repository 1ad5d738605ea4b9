using AgentGate.Diagnostics;

namespace AgentGate.Pipeline;

/// <content>What guards hold for a call is told its end.</content>
internal sealed partial class GateJournal
{
    private async ValueTask EndHoldsAsync(GateRun run, CallFate fate)
    {
        foreach (var hold in run.Scope.TakeHolds())
        {
            try
            {
                await hold.EndedAsync(fate);
            }
            catch (Exception failure)
            {
                metrics.RecordFailure("hold");
                Log.NotSettled(logger, Codes.NotSettled, run.Call.Id, failure.GetType().FullName, failure.StackTrace);
            }
        }
    }
}
