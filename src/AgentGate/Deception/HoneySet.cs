using System.Buffers;
using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Deception;

/// <summary>The live tokens of a tenant, ready to be held against calls. Immutable and thread-safe.</summary>
internal sealed class HoneySet
{
    private readonly ImmutableArray<(HoneyToken Token, string Value)> _values;
    private readonly ImmutableArray<HoneyToken> _tools;
    private readonly ImmutableArray<HoneyToken> _patterns;
    private readonly SearchValues<string>? _search;

    private HoneySet(ImmutableArray<(HoneyToken Token, string? Value)> traps)
    {
        Traps = traps;
        _values = [.. traps.Where(static trap => trap.Value is not null).Select(static trap => (trap.Token, trap.Value!))];
        _tools = [.. traps.Where(static trap => trap.Token is { Type: HoneyType.Tool, ResourcePattern: null }).Select(static trap => trap.Token)];
        _patterns = [.. traps.Where(static trap => trap.Token.ResourcePattern is not null).Select(static trap => trap.Token)];

        // In any case: a canary that somebody shouts is a canary.
        _search = _values.IsEmpty ? null : SearchValues.Create([.. _values.Select(static trap => trap.Value)], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>No tokens: nothing is looked at.</summary>
    public static HoneySet Empty { get; } = new([]);

    /// <summary>The tokens with their values.</summary>
    private ImmutableArray<(HoneyToken Token, string? Value)> Traps { get; }

    /// <summary>The tokens.</summary>
    public IEnumerable<HoneyToken> Tokens => Traps.Select(static trap => trap.Token);

    /// <summary>How many there are.</summary>
    public int Count => Traps.Length;

    /// <summary>A set of tokens.</summary>
    public static HoneySet Of(IEnumerable<(HoneyToken Token, string? Value)> traps)
        => new([.. traps.OrderBy(static trap => trap.Token.Id, StringComparer.Ordinal)]);

    /// <summary>This set and one token more.</summary>
    public HoneySet With(HoneyToken token, string? value) => Of(Traps.Add((token, value)));

    /// <summary>This set without a token.</summary>
    public HoneySet Without(string id) => Of(Traps.Where(trap => trap.Token.Id != id));

    /// <summary>The first token a call touches: what it calls before what it says.</summary>
    /// <param name="call">The call.</param>
    /// <param name="targets">Reads what a tool would act on.</param>
    public HoneyHit? Find(GateCall call, ICallTargets targets)
    {
        if (Traps.IsEmpty)
        {
            return null;
        }

        return FindTool(call) ?? FindResource(call, targets) ?? FindValue(call);
    }

    private HoneyHit? FindTool(GateCall call)
    {
        if (call.Action == GateActions.CallTool)
        {
            foreach (var token in _tools)
            {
                if (Wildcard.IsMatch(token.Name, call.Resource.Id, ignoreCase: true))
                {
                    return new HoneyHit(token, null, IsDeletion: false);
                }
            }
        }

        return null;
    }

    private HoneyHit? FindResource(GateCall call, ICallTargets targets)
    {
        if (_patterns.IsEmpty)
        {
            return null;
        }

        if (Match(call.Resource.Id, call.Action, call.Action == GateActions.CallTool) is { } called)
        {
            return called;
        }

        foreach (var also in call.AlsoRequires)
        {
            if (Match(also.Resource.Id, also.Action, isCall: false) is { } required)
            {
                return required;
            }
        }

        HoneyHit? found = null;
        foreach (var target in targets.Of(call))
        {
            // The worst of what would be done to it: a tool that reads and deletes deletes.
            if (Match(target.Id, target.Action, isCall: false) is { } hit && (found is null || (hit.IsDeletion && !found.IsDeletion)))
            {
                found = hit;
            }
        }

        return found;
    }

    private HoneyHit? Match(string id, string action, bool isCall)
    {
        foreach (var token in _patterns)
        {
            // A tool is touched when it is called, and by nothing else: not by being offered, nor by being asked for.
            if ((token.Type != HoneyType.Tool || isCall) && Wildcard.IsMatch(token.ResourcePattern!, id, ignoreCase: true))
            {
                return new HoneyHit(token, null, HoneySeverity.Deletes(action) || (isCall && HoneySeverity.Deletes(id)));
            }
        }

        return null;
    }

    private HoneyHit? FindValue(GateCall call)
    {
        if (_search is null)
        {
            return null;
        }

        foreach (ref readonly var segment in call.Content.Segments)
        {
            var text = segment.Text.Span;
            var at = text.IndexOfAny(_search);
            if (at < 0)
            {
                continue;
            }

            foreach (var (token, value) in _values)
            {
                if (text[at..].StartsWith(value, StringComparison.OrdinalIgnoreCase))
                {
                    return new HoneyHit(token, call.Content.AddressOf(segment.Index), HoneySeverity.Deletes(call.Action));
                }
            }
        }

        return null;
    }
}

/// <summary>A token that a call touches.</summary>
/// <param name="Token">The token.</param>
/// <param name="Address">Where its value stands in the content, where that is what was touched.</param>
/// <param name="IsDeletion">Whether the call would delete.</param>
internal sealed record HoneyHit(HoneyToken Token, string? Address, bool IsDeletion);
