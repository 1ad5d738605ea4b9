using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;

namespace AgentGate.Guardrails;

/// <summary>
/// A state machine. The call moves it when it is decided, not when it ends: two calls at the same time are judged one after the other. A
/// call that did not happen is undone if no later move stands on it, or once those that do are undone too. Immutable.
/// </summary>
internal sealed class MachineUnit : GuardrailUnit
{
    /// <summary>How the one track of a machine is called.</summary>
    public const string RuleName = "states";

    /// <summary>How many moves can still be undone.</summary>
    private const int MovesMax = 64;

    private readonly GuardrailMachine _machine;
    private readonly long _ttl;
    private readonly (string Action, bool IsExclusion, long Window)[] _windows;

    public MachineUnit(GuardrailSet set, GuardrailMachine machine)
        : base(set, RuleName, machine.Scope, machine.CountFailed)
    {
        (_machine, _ttl) = (machine, (long)machine.SessionTtl.TotalMilliseconds);
        _windows = [.. machine.States.Values.SelectMany(state => state.Constraints)
            .Select(one => (one.Action, one.Kind == GuardrailConstraintKind.TemporalExclusion, (long)one.Window.TotalMilliseconds))];
    }

    public override bool Remembers => true;

    /// <summary>The state a track is in.</summary>
    public string StateOf(GuardrailTrack track, DateTimeOffset now)
        => track.State is { } state && At(track, now) - track.LastAt < _ttl && _machine.States.ContainsKey(state) ? state : _machine.InitialState;

    public override IReadOnlyList<string> ActionsOf(GateCall call)
        => [.. GuardrailActions.Of(call).Where(action => _machine.Closed || Names(action))];

    public override Violation? Judge(GuardrailTrack track, IReadOnlyList<string> actions, string call, DateTimeOffset now)
    {
        if (IsTaken(track, call))
        {
            return null;
        }

        var at = At(track, now);
        var state = StateOf(track, now);
        foreach (var action in actions)
        {
            if (NextOf(state, action) is not { } next)
            {
                return new Violation(Codes.GuardrailNoTransition, "no_transition:" + action, $"no such call in the state \"{state}\"");
            }

            foreach (var constraint in _machine.States[state].Constraints.Where(one => Fits(one.Action, action)))
            {
                if (ClearAt(track, constraint) > at)
                {
                    return Violated(constraint);
                }
            }

            state = next;
        }

        return track.Events.Count >= EventsMax && Kept(track, at).Count >= EventsMax
            ? new Violation(Codes.GuardrailTrackFull, "remembered", string.Create(CultureInfo.InvariantCulture, $"at most {EventsMax} remembered calls"))
            : null;
    }

    public override void Take(GuardrailTrack track, IReadOnlyList<string> actions, string call, DateTimeOffset now)
    {
        if (IsTaken(track, call))
        {
            return;
        }

        var at = At(track, now);
        var before = StateOf(track, now);
        if (at - track.LastAt >= _ttl)
        {
            track.Moves.Clear();
        }

        var kept = Kept(track, at);
        track.Events.Clear();
        track.Events.AddRange(kept);
        var state = before;
        foreach (var action in actions)
        {
            state = NextOf(state, action)!;
            Append(track, call, action, at);
        }

        track.Moves.Add(new TrackMove(call, before, false));
        if (track.Moves.Count > MovesMax)
        {
            track.Moves.RemoveAt(0);
        }

        track.State = state == _machine.InitialState ? null : state;
        track.ExpiresAt = at + Math.Max(_ttl, _windows.Select(one => one.Window).DefaultIfEmpty().Max());
    }

    public override void GiveBack(GuardrailTrack track, string call)
    {
        track.IsChanged |= track.Events.RemoveAll(one => one.Call == call) > 0;
        var place = track.Moves.FindIndex(move => move.Call == call);
        if (place < 0)
        {
            return;
        }

        track.IsChanged = true;
        track.Moves[place] = track.Moves[place] with { Undone = true };
        while (track.Moves is [.., { Undone: true } last])
        {
            track.State = last.From == _machine.InitialState ? null : last.From;
            track.Moves.RemoveAt(track.Moves.Count - 1);
        }
    }

    public override DateTimeOffset? FreeAt(GuardrailTrack track, IReadOnlyList<string> actions, DateTimeOffset from)
    {
        var free = from.ToUnixTimeMilliseconds();
        var state = StateOf(track, from);
        foreach (var action in actions)
        {
            if (NextOf(state, action) is not { } next)
            {
                return null;
            }

            foreach (var constraint in _machine.States[state].Constraints.Where(one => Fits(one.Action, action)))
            {
                free = Math.Max(free, ClearAt(track, constraint));
            }

            state = next;
        }

        var kept = Kept(track, free);
        free = kept.Count >= EventsMax ? Math.Max(free, kept.Min(LeavesAt)) : free;
        return free > from.ToUnixTimeMilliseconds() ? Time(free) : from;
    }

    private static Violation Violated(GuardrailConstraint constraint)
    {
        var window = ListUnit.Words(constraint.Window);
        return constraint.Kind switch
        {
            GuardrailConstraintKind.Cooldown => new Violation(
                Codes.GuardrailCoolsDown, "cooldown:" + constraint.Action, $"nothing for {window} after a call", constraint.ErrorMessage),
            GuardrailConstraintKind.MaxFrequency => new Violation(
                Codes.GuardrailCallsReached,
                "max_frequency:" + constraint.Action,
                string.Create(CultureInfo.InvariantCulture, $"at most {constraint.MaxCount} {(constraint.MaxCount == 1 ? "call" : "calls")} in {window}"),
                constraint.ErrorMessage),
            _ => new Violation(
                Codes.GuardrailExcludes, "temporal_exclusion:" + constraint.Action, $"{window} without any call before", constraint.ErrorMessage),
        };
    }

    /// <summary>From when on a track meets a demand; 0 where it does.</summary>
    private static long ClearAt(GuardrailTrack track, GuardrailConstraint constraint)
    {
        var window = (long)constraint.Window.TotalMilliseconds;
        var needed = constraint.Kind == GuardrailConstraintKind.MaxFrequency ? constraint.MaxCount : 1;
        for (var place = track.Events.Count - 1; place >= 0; place--)
        {
            if ((constraint.Kind == GuardrailConstraintKind.TemporalExclusion || Fits(constraint.Action, track.Events[place].Action)) && --needed == 0)
            {
                return track.Events[place].At + window;
            }
        }

        return 0;
    }

    /// <summary>A call that no demand looks back at is known by its move alone.</summary>
    private static bool IsTaken(GuardrailTrack track, string call) => Holds(track, call) || track.Moves.Exists(move => move.Call == call && !move.Undone);

    private string? NextOf(string state, string action)
    {
        var transitions = _machine.States[state].Transitions;
        return (transitions.FirstOrDefault(one => string.Equals(one.Action, action, StringComparison.OrdinalIgnoreCase))
            ?? transitions.FirstOrDefault(one => Fits(one.Action, action)))?.NextState;
    }

    private bool Names(string action)
        => _machine.States.Values.Any(state => state.Transitions.Any(one => Fits(one.Action, action)));

    private List<TrackEvent> Kept(GuardrailTrack track, long at) => track.Events.FindAll(one => LeavesAt(one) > at);

    /// <summary>When a call stops to matter to every demand of every state.</summary>
    private long LeavesAt(TrackEvent one)
    {
        var longest = 0L;
        foreach (var (action, isExclusion, window) in _windows)
        {
            if (window > longest && (isExclusion || Fits(action, one.Action)))
            {
                longest = window;
            }
        }

        return one.At + longest;
    }
}
