using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Budgets;

/// <summary>Tells of thresholds that were passed: log, metrics, listeners. Called outside of every lock. Thread-safe.</summary>
internal sealed partial class BudgetAlerts(BudgetMetrics metrics, IEnumerable<IBudgetEvents> events, ILogger logger)
{
    private readonly IBudgetEvents[] _events = [.. events];

    /// <summary>Tells of one threshold.</summary>
    /// <param name="tenant">The counter's tenant; empty for one that all share.</param>
    /// <param name="state">Where the budget stands.</param>
    /// <param name="threshold">The threshold.</param>
    public void Tell(string tenant, BudgetState state, decimal threshold)
    {
        metrics.Alert(state.Rule);
        Log.Threshold(logger, Codes.BudgetThreshold, state.Rule, state.Subject, threshold, state.SpentUsd, state.LimitUsd);
        foreach (var listener in _events)
        {
            try
            {
                listener.Passed(tenant, state, threshold);
            }
            catch (Exception failure)
            {
                // Who only hears of money must not lose the reservation that is about to be handed over.
                Log.NotTold(logger, Codes.BudgetThreshold, state.Rule, failure.GetType().FullName, failure.StackTrace);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2205, LogLevel.Warning, "{Code}: the budget {Rule} of {Subject} passed {Threshold} of its limit: {Spent} of {Limit} USD are spent.")]
        public static partial void Threshold(ILogger logger, string code, string rule, string subject, decimal threshold, decimal spent, decimal limit);

        [LoggerMessage(2208, LogLevel.Error, "{Code}: a listener failed when it was told of the budget {Rule} ({Failure}). {Stack}")]
        public static partial void NotTold(ILogger logger, string code, string rule, string? failure, string? stack);
    }
}
