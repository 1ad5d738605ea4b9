using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Budgets;

/// <summary>
/// Reserves what a model call may cost before it leaves: the prompt by its length, the answer by writing the most tokens
/// that the budget pays for into the request. The gate settles the reservation.
/// </summary>
internal sealed partial class BudgetsGuard(
    PriceBook prices, RuleSet rules, IBudgetLedger ledger, BudgetOptions options, BudgetMetrics metrics, ILogger<CallCharge> logger) : IRequestGuard
{
    /// <summary>Tokens a provider adds to a prompt on its own: the frame of the conversation.</summary>
    private const long FrameTokens = 64;

    /// <summary>Tokens a provider adds where tools are declared: the instructions on calling them.</summary>
    private const long ToolFrameTokens = 1024;

    /// <summary>A document larger than this is not counted by the tokeniser, or refusing would cost more than answering: its bytes are its bound.</summary>
    private const int CountedBytesMax = 256 * 1024;

    private static readonly TimeSpan s_retryWhenLost = TimeSpan.FromSeconds(1);

    public async ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        try
        {
            return await InspectAsync(context.Call, context.Scope, cancellationToken);
        }
        catch (BudgetLedgerLostException lost)
        {
            metrics.LedgerLost();
            Log.Lost(logger, Codes.BudgetLedgerLost, context.Call.Id, lost.Message);
            return new Verdict.Deny(Codes.BudgetLedgerLost, "The ledger of the budgets cannot be reached, and a budget covers this call. Try again shortly.", DenialKind.Unavailable)
            {
                RetryAfter = s_retryWhenLost,
            };
        }
    }

    private async ValueTask<Verdict> InspectAsync(GateCall call, CallScope scope, CancellationToken cancellationToken)
    {
        if (call.Action is not (GateActions.CallModel or GateActions.Embed))
        {
            return Verdict.Allowed;
        }

        if (prices.Find(call.Targets, call.Resource.Id) is not { } price)
        {
            return Deny(
                Codes.ModelWithoutPrice,
                "The model has no price, so its calls cannot be bounded. An operator sets one under AgentGate:Budgets:Prices; 0 is a price.");
        }

        var charge = new CallCharge(call, scope, price, ledger, options.FailedCallCharge, metrics, logger);
        scope.Charge = charge;
        var covering = rules.Covering(call.Principal, call.Resource.Id, call.Targets);
        if (covering.Length == 0 || price.IsFree)
        {
            return Verdict.Allowed;
        }

        var demand = call.Context.Output;
        if (Unbounded(call, demand, price) is { } why)
        {
            return why;
        }

        var (result, inputBound) = await ReserveAsync(charge, call, demand, price, covering, cancellationToken);
        if (result.Granted is not { } reservation)
        {
            return Short(call.Principal.Tenant, result);
        }

        charge.InputBound = inputBound;
        if (!await charge.HoldAsync(reservation))
        {
            return new Verdict.Deny(Codes.GuardTimedOut, "The ledger of the budgets answered too late. Try again shortly.", DenialKind.Unavailable);
        }

        var changes = Changes(demand, price, reservation.TokensMax);
        return changes.IsEmpty ? Verdict.Allowed : new Verdict.Transform(changes);
    }

    /// <summary>Refuses a call whose cost the request does not bound; a held prompt is bounded by the model's own maximum, if that is known.</summary>
    private Verdict.Deny? Unbounded(GateCall call, OutputDemand? demand, ModelPrice price)
    {
        if (options.AllowUnbounded)
        {
            return null;
        }

        var surcharge = call.Action == GateActions.CallModel
            && (demand is null || demand.Member is null || demand.Unbounded.Any(word => word != "context") || call.Content.UnreadKinds.Contains("audio"));
        return surcharge || (HoldsMore(call, demand) && price.InputTokensMax is null)
            ? Deny(
                Codes.CostUnbounded,
                "What the call costs has no upper bound: it asks for a tool the provider runs, a surcharge, or content whose size is not known here. "
                + "Leave that out, or let an operator allow it with AgentGate:Budgets:AllowUnbounded.")
            : null;
    }

    /// <summary>Whether the prompt is more than the request's words: parts nobody reads, or what the provider holds.</summary>
    private static bool HoldsMore(GateCall call, OutputDemand? demand)
        => demand?.Unbounded.Contains("context") is true
            || !call.Content.UnreadKinds.IsEmpty
            || call.AlsoRequires.Any(also => also.Action == GateActions.FetchContent);

    private async ValueTask<(ReservationResult Result, long InputBound)> ReserveAsync(
        CallCharge charge, GateCall call, OutputDemand? demand, ModelPrice price, ActiveRule[] covering, CancellationToken cancellationToken)
    {
        // No tokeniser makes more tokens of a text than it has bytes, so that the length alone is a bound.
        var utf8 = call.Content.ToUtf8();
        var frame = FrameTokens + (call.Content.DeclaredTools.IsEmpty ? 0 : ToolFrameTokens);
        var bound = utf8.Length + frame;
        bound = HoldsMore(call, demand) ? price.InputTokensMax ?? bound : Math.Min(bound, price.InputTokensMax ?? bound);
        var result = await AskAsync(bound);
        if (HoldsMore(call, demand) || utf8.Length > CountedBytesMax || (result.Granted is { } granted && granted.TokensMax >= Wanted(demand, price)))
        {
            return (result, bound);
        }

        try
        {
            // It would not fit, or only shortened: counting makes the bound closer.
            var margin = price.IsOpenAI ? 1m : options.TokenMargin;
            var counted = Math.Min(bound, (long)Math.Ceiling(TokenCount.OfDocument(utf8.Span) * margin) + frame);
            if (counted == bound)
            {
                return (result, bound);
            }

            var closer = await AskAsync(counted, result.Granted);
            return (closer, closer.Granted is not null && closer.Granted == result.Granted ? bound : counted);
        }
        catch when (result.Granted is not null)
        {
            // The first one is nobody's now. Where it was replaced all the same, settling it does nothing.
            await charge.ReleaseAsync(result.Granted);
            throw;
        }

        ValueTask<ReservationResult> AskAsync(long tokens, Reservation? instead = null) => ledger.ReserveAsync(covering, call.Principal, new ReservationRequest(
            NanoUsd.Ceiling(tokens * price.InputBound(tokens)),
            demand is null ? 0 : price.OutputBound(tokens) * demand.Choices,
            Wanted(demand, price),
            demand is null ? 0 : Math.Min(Math.Max(options.OutputTokensMin, demand.TokensMin), Asked(demand) ?? long.MaxValue)) { CallId = call.Id }, instead, cancellationToken);
    }

    /// <summary>What the request asks for. To some servers 0 means no bound at all, and so does a negative number: neither goes on as it is.</summary>
    private static long? Asked(OutputDemand demand) => demand.TokensMax switch
    {
        null or < 0 => null,
        0 => 1,
        var tokens => tokens,
    };

    /// <summary>How many tokens of an answer the call should be allowed: what it asks for, else the default, and no more than the model can.</summary>
    private long Wanted(OutputDemand? demand, ModelPrice price)
        => demand is null ? 0 : Math.Min(Asked(demand) ?? options.OutputTokensWhenUnset, price.OutputTokensMax is > 0 and var most ? most : long.MaxValue);

    /// <summary>What has to change in the request so that the provider keeps to the reservation.</summary>
    private static ImmutableArray<ContentChange> Changes(OutputDemand? demand, ModelPrice price, long tokens)
    {
        if (demand?.Member is not { } modern)
        {
            return [];
        }

        // A server that merely speaks like OpenAI may ignore the newer name, and an ignored bound is none.
        var certain = price.OutputMember ?? (price.IsOpenAI ? modern : demand.LegacyMember ?? modern);
        var changes = ImmutableArray.CreateBuilder<ContentChange>();
        if (demand.TokensMax != tokens)
        {
            changes.AddRange(demand.Members.Select(member => new ContentChange.SetNumber(member, tokens)));
        }

        if (!demand.Members.Contains(certain) && (demand.Members.IsEmpty || !price.IsOpenAI))
        {
            changes.Add(new ContentChange.SetNumber(certain, tokens));
        }

        if (demand.UsageFlag is var (holder, flag))
        {
            changes.Add(new ContentChange.SetFlag(holder, flag));
        }

        return changes.ToImmutable();
    }

    private Verdict.Deny Short(string tenant, ReservationResult result)
    {
        var state = result.ShortState!;
        metrics.Refusal(tenant, state.Rule);
        var reset = state.ResetsAt is { } at ? string.Create(CultureInfo.InvariantCulture, $" It resets at {at:yyyy-MM-dd'T'HH:mm:ss'Z'}.") : string.Empty;
        return Deny(Codes.BudgetExhausted, string.Create(
            CultureInfo.InvariantCulture,
            $"The budget {state.Rule} of {state.LimitUsd:0.######} USD {BudgetWindows.Words(result.Short!.Rule.Window)} has {state.RemainingUsd:0.######} USD left, too little for what this call may cost.{reset}"));
    }

    private static Verdict.Deny Deny(string code, string reason) => new Verdict.Deny(code, reason, DenialKind.Forbidden);

    private static partial class Log
    {
        [LoggerMessage(2209, LogLevel.Error, "{Code}: call {CallId} is denied, because the ledger of the budgets cannot be reached: {Cause}.")]
        public static partial void Lost(ILogger logger, string code, string callId, string cause);
    }
}
