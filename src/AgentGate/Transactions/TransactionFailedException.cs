using AgentGate.Diagnostics;

namespace AgentGate.Transactions;

/// <summary>A transaction was rolled back. The report says exactly what was undone, what was not, and why; the cause is the inner exception.</summary>
public sealed class TransactionFailedException : Exception
{
    internal TransactionFailedException(TransactionReport report, Exception? cause)
        : base(Text(report), cause) => Report = report;

    /// <summary>What became of every step.</summary>
    public TransactionReport Report { get; }

    /// <summary>The stable code: AG2401 where everything was undone, AG2406 where something was not.</summary>
    public string Code => CodeOf(Report);

    internal static string CodeOf(TransactionReport report) => report.IsComplete ? Codes.TransactionRolledBack : Codes.StepsNotUndone;

    private static string Text(TransactionReport report)
    {
        var left = report.Steps.Where(step => !step.IsUndone).Select(step => $"{step.Tool} ({step.CallId}): {step.Reason}").ToList();
        return left.Count == 0
            ? $"{CodeOf(report)}: The transaction {report.TransactionId} was rolled back; nothing is left of its {report.Steps.Length} steps."
            : $"{CodeOf(report)}: The transaction {report.TransactionId} was rolled back, and {left.Count} of its {report.Steps.Length} steps were not undone: {string.Join(" ", left)}";
    }
}
