using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii.Restoring;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Pii;

/// <summary>
/// Personal data leaves as tokens and comes back as values. On the way out every value in a call is replaced by a token of
/// the call's PII session; on the way back the tokens that this very call sent, or its conversation, get their values
/// back in the text for the caller, but never inside an address whose host is not on the allow-list.
/// </summary>
internal sealed class PiiGuard(
    PiiSearch search, PiiSessions sessions, IOptions<PiiVaultOptions> options, IToolCatalog? tools = null) : IRequestGuard, IResponseGuard
{
    private readonly RestoreHosts _hosts = new(options.Value.RestoreHosts);

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => context.Call.Action switch
        {
            GateActions.CallModel or GateActions.Embed or GateActions.CountTokens => MaskAsync(context, lookAlikes: true, cancellationToken),
            GateActions.CallTool when context.Scope.Parent is not null => ValueTask.FromResult(RestoreArguments(context)),
            GateActions.CallTool => tools?.IsInternal(context.Call.Resource.Id) is true
                ? LeaveValuesAsync(context, cancellationToken)
                : MaskAsync(context, lookAlikes: false, cancellationToken),
            _ => ValueTask.FromResult(Verdict.Allowed),
        };

    public ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult(
            context.Content is { } content && LiveFor(context) is { } live
                ? ForRecord(Restore(content, live, IsForCaller))
                : Verdict.Allowed);

    public IStreamGuard? OpenStream(ResponseContext context)
        => LiveFor(context) is { } live ? new PiiStreamGuard(live, _hosts) : null;

    /// <summary>Whether values may come back in a part of an answer: signed parts are never changed, and arguments are calls of their own.</summary>
    internal static bool IsForCaller(SegmentKind kind, SegmentRole role)
        => kind is SegmentKind.Text or SegmentKind.Key && role != SegmentRole.ToolArguments;

    /// <param name="context">The call.</param>
    /// <param name="lookAlikes">
    /// Whether look-alikes are masked too. In a tool's arguments they are tokens that a model's answer was released with, and
    /// nothing is restored from the result: masked again they would never come back.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    private async ValueTask<Verdict> MaskAsync(GuardContext context, bool lookAlikes, CancellationToken cancellationToken)
    {
        var call = context.Call;
        var (hits, denial) = search.Find(call.Content, lookAlikes);
        if (denial is not null)
        {
            return denial;
        }

        if (hits?.ValueCount > options.Value.MaxValuesPerCall)
        {
            return new Verdict.Deny(
                Codes.PiiTooManyValues,
                "The call holds more personal values than AgentGate:PiiVault:MaxValuesPerCall allows; send it in parts.",
                DenialKind.Invalid);
        }

        var previous = call.Context.PreviousResponseId;
        if (hits is null && previous is null)
        {
            return Verdict.Allowed;
        }

        var conversation = previous is null ? null : await sessions.FindConversationAsync(call, previous, cancellationToken);
        if (previous is not null && conversation is null)
        {
            return Unknown();
        }

        if (await sessions.OpenAsync(call, conversation, hits?.Values ?? [], cancellationToken) is not var (tokens, state))
        {
            return Unknown();
        }

        context.Scope.Set(state);
        return hits is null ? Verdict.Allowed : hits.Mask(call.Content, tokens);
    }

    /// <summary>An internal tool gets the values as they are; log and trace get the form with tokens.</summary>
    private async ValueTask<Verdict> LeaveValuesAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var verdict = await MaskAsync(context, lookAlikes: false, cancellationToken);
        if (verdict is not Verdict.Transform(var changes))
        {
            return verdict;
        }

        context.Scope.Set(new TraceContent(context.Call.Id, context.Call.Content.Apply(changes)));
        return Verdict.Allowed;
    }

    /// <summary>A model may write personal data as the name of a member, and findings go on record: such an address is left out.</summary>
    private Verdict ForRecord(Verdict verdict)
        => verdict.Findings.All(finding => search.IsClean(finding.Address))
            ? verdict
            : verdict with { Findings = [.. verdict.Findings.Select(finding => search.IsClean(finding.Address) ? finding : finding with { Address = null })] };

    private Verdict RestoreArguments(GuardContext context)
    {
        var verdict = ForRecord(RestoreIn(context));
        KeepMasked(context, isChanged: verdict is Verdict.Transform);
        return verdict;
    }

    /// <summary>
    /// What is released may hold values: those put back, and those a model made up. Log and trace keep the form with tokens,
    /// and a type in place of a value that has no token.
    /// </summary>
    private void KeepMasked(GuardContext context, bool isChanged)
    {
        var content = context.Call.Content;
        var (hits, _) = search.Find(content);
        if (hits?.Mask(content, [.. hits.Values.Select(value => value.Type == LookAlikes.Type ? value.Text : $"<{value.Type}>")]) is { } masked)
        {
            context.Scope.Set(new TraceContent(context.Call.Id, content.Apply(masked.Changes)));
        }
        else if (isChanged)
        {
            context.Scope.Set(new TraceContent(context.Call.Id, content));
        }
    }

    private Verdict RestoreIn(GuardContext context)
    {
        if (context.Scope.Find<PiiState>() is not { Live.Count: > 0 } parent)
        {
            return Verdict.Allowed;
        }

        var permitted = context.Scope.Find<RestorePermit>() is { Permitted: true } permit && permit.CallId == context.Call.Id;
        var live = permitted ? parent.Live : parent.Live.OfType(LookAlikes.Type);
        if (live.Count == 0)
        {
            return Verdict.Allowed;
        }

        return Restore(context.Call.Content, live, static (kind, _) => kind is SegmentKind.Text or SegmentKind.Key);
    }

    private Verdict Restore(CallContent content, LiveTokens live, Func<SegmentKind, SegmentRole, bool> isOpen)
    {
        ImmutableArray<ContentChange>.Builder? changes = null;
        ImmutableArray<Finding>.Builder? findings = null;
        var texts = new AnswerTexts(content, live, _hosts);
        foreach (ref readonly var segment in content.Segments)
        {
            if (!isOpen(segment.Kind, segment.Role))
            {
                continue;
            }

            var tally = new RestoreTally();
            var restored = texts.Next(segment, tally);
            if (restored is not null)
            {
                changes ??= ImmutableArray.CreateBuilder<ContentChange>();
                changes.Add(new ContentChange.ReplaceText(segment.Index, restored));
            }

            if (!tally.IsEmpty)
            {
                findings ??= ImmutableArray.CreateBuilder<Finding>();
                findings.AddRange(tally.ToFindings(content.AddressOf(segment.Index)));
            }
        }

        ImmutableArray<Finding> noticed = findings?.DrainToImmutable() ?? [];
        return changes is not null ? new Verdict.Transform(changes.DrainToImmutable()) { Findings = noticed }
            : noticed.IsEmpty ? Verdict.Allowed
            : new Verdict.Allow { Findings = noticed };
    }

    private static LiveTokens? LiveFor(ResponseContext context)
        => context.Call.Action == GateActions.CallModel && context.Scope.Find<PiiState>() is { Live: { Count: > 0 } live } state
            && state.CallId == context.Call.Id
            ? live
            : null;

    private static Verdict.Deny Unknown()
        => new(
            Codes.PiiUnknownConversation,
            "The previous response is not known to this key, or its session has expired; send the whole conversation instead.",
            DenialKind.NotFound);
}
