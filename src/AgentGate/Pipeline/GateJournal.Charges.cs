using AgentGate.Diagnostics;

namespace AgentGate.Pipeline;

/// <content>What becomes of a charge whose outcome is not on record.</content>
internal sealed partial class GateJournal
{
    /// <summary>The effect ran. That the log has no outcome of it, and may have lost its intent, gives nobody the money back.</summary>
    private async ValueTask KeepChargeAsync(GateRun run)
    {
        try
        {
            await (run.Scope.Charge?.UnrecordedAsync() ?? ValueTask.CompletedTask);
        }
        catch (Exception failure)
        {
            metrics.RecordFailure("settlement");
            Log.NotSettled(logger, Codes.NotSettled, run.Call.Id, failure.GetType().FullName, failure.StackTrace);
        }
    }
}
