using System.Collections.Immutable;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Budgets;

/// <summary>What one model call may cost and does cost. Made by the guard, settled by the gate.</summary>
internal sealed partial class CallCharge(
    GateCall call, CallScope scope, ModelPrice price, IBudgetLedger ledger, FailedCallCharge failed, BudgetMetrics metrics, ILogger logger) : ICallCharge
{
    /// <summary>The most characters kept of a stream for counting; what comes after counts as one token in three.</summary>
    private const int KeptMax = 1024 * 1024;

    private readonly StringBuilder _seen = new();
    private long _more;
    private readonly Lock _handing = new();
    private Reservation? _reservation;
    private bool _isSettled;
    private long? _cost;

    /// <summary>The most tokens of the prompt, as they were reserved.</summary>
    public long InputBound { get; set; }

    public ImmutableArray<BudgetPosting> Reserved { get; private set; } = [];

    /// <summary>
    /// Takes over what was reserved for the call. A call that was settled before, because its guard was given up while the ledger was
    /// still asked, takes nothing over: nobody would ever settle it, so it is given back at once.
    /// </summary>
    /// <returns>Whether it was taken over.</returns>
    public async ValueTask<bool> HoldAsync(Reservation reservation)
    {
        bool isLate;
        lock (_handing)
        {
            isLate = _isSettled;
            if (!isLate)
            {
                _reservation = reservation;
                Reserved = reservation.Post(reservation.Amount);
            }
        }

        if (isLate)
        {
            await ReleaseAsync(reservation);
            return false;
        }

        scope.Set(new BudgetStatus(ledger.StatesOf(reservation), NanoUsd.ToUsd(reservation.Amount), null));
        return true;
    }

    /// <summary>Gives back what was reserved and will not be used. One that cannot be is left to its lease, and logged.</summary>
    public async ValueTask ReleaseAsync(Reservation reservation)
    {
        try
        {
            await ledger.SettleAsync(reservation, 0);
        }
        catch (Exception failure)
        {
            Log.NotReleased(logger, Codes.NotSettled, call.Id, failure.GetType().FullName);
        }
    }

    public void Observe(StreamFrame frame)
    {
        if (price.IsFree)
        {
            return;
        }

        foreach (var segment in frame.Segments)
        {
            if (!segment.Whole && segment.Role is SegmentRole.Assistant or SegmentRole.ToolArguments)
            {
                Keep(segment.Text.Span);
            }
        }

        foreach (var held in frame.HeldTexts)
        {
            Keep(held);
        }
    }

    public async ValueTask<CallSettlement> SettleAsync(CallEnding ending)
    {
        lock (_handing)
        {
            _isSettled = true;
        }

        var (usage, cost) = ending.Kind switch
        {
            CallEndingKind.Nothing => (null, 0L),
            CallEndingKind.Answered => Answered(ending),
            _ => Unfinished(ending),
        };

        _cost = cost;

        // A call that consumed nothing has no cost to show, and one whose usage nobody knows still has its charge.
        usage = usage is null ? null : usage with { CostUsd = NanoUsd.ToUsd(cost) };
        if (cost > 0)
        {
            metrics.Cost(call.Principal.Tenant, cost, call.Targets.IsDefaultOrEmpty ? "none" : call.Targets[0].Provider, usage is null or { Estimated: true });
        }

        if (_reservation is not { } reservation)
        {
            return new CallSettlement(usage, []);
        }

        if (cost > reservation.Amount)
        {
            metrics.ReservationPassed();
            Log.Passed(logger, Codes.ReservationPassed, call.Id, NanoUsd.ToUsd(cost), NanoUsd.ToUsd(reservation.Amount));
        }

        await ledger.SettleAsync(reservation, cost);
        scope.Set(new BudgetStatus(ledger.StatesOf(reservation), NanoUsd.ToUsd(reservation.Amount), NanoUsd.ToUsd(cost)));
        return new CallSettlement(usage, reservation.Post(cost));
    }

    public async ValueTask UnrecordedAsync()
    {
        if (_reservation is { } reservation && (_cost ?? reservation.Amount) is > 0 and var cost)
        {
            await ledger.KeepAsync(reservation, cost);
        }
    }

    private (Usage? Usage, long Cost) Answered(CallEnding ending)
    {
        var usage = ending.Usage;
        if (price.IsFree)
        {
            return (usage, 0);
        }

        // A report of nothing for a prompt or an answer that is there is no report of it.
        if (usage is null or { InputTokens: <= 0 } || (usage.OutputTokens <= 0 && call.Action == GateActions.CallModel))
        {
            var counted = Estimate(ending.Answer);
            usage = usage is null ? counted : Completed(usage, counted);
        }

        return (usage, price.Cost(usage));
    }

    private static Usage Completed(Usage reported, Usage counted)
    {
        var (input, output) = (reported.InputTokens, reported.OutputTokens);
        return reported with
        {
            InputTokens = input > 0 ? input : counted.InputTokens,
            OutputTokens = output > 0 ? output : counted.OutputTokens,
            Estimated = reported.Estimated || input <= 0 || (output <= 0 && counted.OutputTokens > 0),
        };
    }

    /// <summary>Nobody knows what the provider went on to produce. What it said of the prompt counts in every case.</summary>
    private (Usage? Usage, long Cost) Unfinished(CallEnding ending)
    {
        if (price.IsFree)
        {
            return (ending.Usage, 0);
        }

        switch (failed)
        {
            case FailedCallCharge.None:
                return (ending.Usage, 0);
            case FailedCallCharge.Reservation when _reservation is { } reservation:
                var known = ending.Usage is { InputTokens: > 0 } reported
                    ? price.Cost(reported with { OutputTokens = 0, ReasoningTokens = 0 })
                        + NanoUsd.Ceiling(price.OutputBound(reported.InputTokens) * Math.Max(reported.OutputTokens, reservation.TokensMax * Choices))
                    : reservation.Amount;
                return (ending.Usage, Math.Min(known, reservation.Amount));
            default:
                var usage = Estimate(null);
                usage = ending.Usage is { InputTokens: > 0 } said ? said with { OutputTokens = Math.Max(said.OutputTokens, usage.OutputTokens), Estimated = true } : usage;
                return (usage, price.Cost(usage));
        }
    }

    private int Choices => call.Context.Output?.Choices ?? 1;

    private Usage Estimate(CallContent? answer)
    {
        var input = TokenCount.OfTexts(call.Content, answersOnly: false);
        var output = answer is null
            ? TokenCount.Of(_seen.ToString()) + ((_more + 2) / 3)
            : call.Action == GateActions.Embed ? 0 : TokenCount.OfTexts(answer, answersOnly: true);
        return new Usage(InputBound > 0 ? Math.Min(input, InputBound) : input, output) { Estimated = true };
    }

    private void Keep(ReadOnlySpan<char> text)
    {
        var kept = Math.Min(text.Length, KeptMax - _seen.Length);
        _seen.Append(text[..kept]);
        _more += text.Length - kept;
    }

    private static partial class Log
    {
        [LoggerMessage(2206, LogLevel.Error, "{Code}: call {CallId} cost {Cost} USD and had reserved {Reserved}; it is charged what it cost. The provider passed the bound it was given, or the price table is out of date.")]
        public static partial void Passed(ILogger logger, string code, string callId, decimal cost, decimal reserved);

        [LoggerMessage(2211, LogLevel.Error, "{Code}: what call {CallId} had reserved and did not use could not be given back ({Failure}); it is charged when its lease ends.")]
        public static partial void NotReleased(ILogger logger, string code, string callId, string? failure);
    }
}
