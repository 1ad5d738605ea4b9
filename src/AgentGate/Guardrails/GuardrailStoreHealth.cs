using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Guardrails;

/// <summary>
/// Whether the store answers. Told by whoever asks it; says each change once, in the log, in metrics and on the health page, which
/// anybody may read and which therefore names no guardrail. Thread-safe.
/// </summary>
internal sealed partial class GuardrailStoreHealth : IHealthRemark
{
    private readonly GuardrailUnits _units;
    private readonly ILogger _logger;
    private int _lost;

    public GuardrailStoreHealth(GuardrailUnits units, GuardrailMetrics metrics, ILogger<GuardrailStoreHealth> logger)
    {
        (_units, _logger) = (units, logger);
        metrics.ObserveStore(() => Volatile.Read(ref _lost));
    }

    public string? Remark => Volatile.Read(ref _lost) == 0
        ? null
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Codes.GuardrailStoreLost}: the store of the guardrails is lost; each does what it declares: {Count(GuardrailStoreLoss.Deny)} deny, {Count(GuardrailStoreLoss.Allow)} allow.");

    /// <summary>The store did not answer.</summary>
    public void Lost(Exception cause)
    {
        if (Interlocked.Exchange(ref _lost, 1) == 0)
        {
            Log.Lost(_logger, Codes.GuardrailStoreLost, cause is GuardrailStoreLostException ? cause.Message : cause.GetType().Name);
        }
    }

    /// <summary>The store answered.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _lost) == 1 && Interlocked.Exchange(ref _lost, 0) == 1)
        {
            Log.Recovered(_logger, Codes.GuardrailStoreRecovered);
        }
    }

    private int Count(GuardrailStoreLoss behaviour) => _units.Sets.Count(set => set.OnStoreLoss == behaviour);

    private static partial class Log
    {
        [LoggerMessage(EventId = 2306, Level = LogLevel.Error, Message = "{Code}: the store of the guardrails is lost ({Cause}); each guardrail does what it declares.")]
        public static partial void Lost(ILogger logger, string code, string cause);

        [LoggerMessage(EventId = 2308, Level = LogLevel.Information, Message = "{Code}: the store of the guardrails answers again.")]
        public static partial void Recovered(ILogger logger, string code);
    }
}
