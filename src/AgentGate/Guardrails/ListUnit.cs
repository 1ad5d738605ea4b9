using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Guardrails;

/// <summary>One rule of the list form. Immutable.</summary>
internal sealed class ListUnit : GuardrailUnit
{
    private readonly bool _isModel;
    private readonly string _pattern;
    private readonly int? _maxCalls;
    private readonly long _window;
    private readonly long _cooldown;
    private readonly HourRanges? _hours;

    public ListUnit(GuardrailSet set, GuardrailRule rule, string name)
        : base(set, name, rule.Scope, rule.CountFailed)
    {
        Rule = rule;
        (_isModel, _pattern) = rule.Model.Length > 0 ? (true, rule.Model) : (false, rule.Tool);
        (_maxCalls, _window, _cooldown) = (rule.MaxCalls, (long)(rule.Window ?? TimeSpan.Zero).TotalMilliseconds, (long)(rule.Cooldown ?? TimeSpan.Zero).TotalMilliseconds);
        _hours = HoursOf(rule);
    }

    public GuardrailRule Rule { get; }

    public override bool Remembers => _maxCalls is not null || _cooldown > 0;

    public static HourRanges? HoursOf(GuardrailRule rule)
    {
        if (rule.ExcludeHours.Count == 0)
        {
            return null;
        }

        List<(int, int)> ranges = [];
        foreach (var text in rule.ExcludeHours)
        {
            ranges.Add(HourRanges.TryParse(text, out var range) ? range : throw new FormatException($"\"{text}\" is no hour."));
        }

        return new HourRanges(ranges, TimeZoneInfo.FindSystemTimeZoneById(rule.TimeZone));
    }

    public override IReadOnlyList<string> ActionsOf(GateCall call)
    {
        if (_isModel)
        {
            var upstream = call.Targets.IsDefaultOrEmpty ? null : call.Targets[0].Name;
            return call.Resource.Type == EntityRef.ModelType && (Fits(_pattern, call.Resource.Id) || (upstream is not null && Fits(_pattern, upstream)))
                ? [call.Resource.Id]
                : [];
        }

        // A rule counts a call once, however many of its tools it fits.
        return GuardrailActions.Of(call).FirstOrDefault(action => Fits(_pattern, action)) is { } fitting ? [fitting] : [];
    }

    public override Violation? Judge(GuardrailTrack track, IReadOnlyList<string> actions, string call, DateTimeOffset now)
    {
        if (!Holds(track, call))
        {
            var at = At(track, now);
            if (_cooldown > 0 && CooledAt(track) > at)
            {
                return new Violation(Codes.GuardrailCoolsDown, "cooldown:" + _pattern, $"nothing for {Words(Rule.Cooldown!.Value)} after a call");
            }

            if (_maxCalls is { } most && RoomAt(track) > at)
            {
                return new Violation(
                    Codes.GuardrailCallsReached, "max_calls:" + _pattern, string.Create(CultureInfo.InvariantCulture, $"at most {most} {(most == 1 ? "call" : "calls")} in {Words(Rule.Window!.Value)}"));
            }
        }

        return _hours is not null && _hours.NextOpen(now) != now
            ? new Violation(Codes.GuardrailHoursExcluded, "exclude_hours:" + _pattern, $"nothing at this hour ({Rule.TimeZone})")
            : null;
    }

    public override void Take(GuardrailTrack track, IReadOnlyList<string> actions, string call, DateTimeOffset now)
    {
        if (!Remembers || Holds(track, call))
        {
            return;
        }

        var at = At(track, now);
        var longest = Math.Max(_window, _cooldown);
        track.Events.RemoveAll(one => one.At + longest <= at);
        Append(track, call, actions[0], at);
        track.ExpiresAt = at + longest;
    }

    public override void GiveBack(GuardrailTrack track, string call) => track.IsChanged |= track.Events.RemoveAll(one => one.Call == call) > 0;

    public override DateTimeOffset? FreeAt(GuardrailTrack track, IReadOnlyList<string> actions, DateTimeOffset from)
    {
        var at = Math.Max(from.ToUnixTimeMilliseconds(), Math.Max(CooledAt(track), RoomAt(track)));
        var free = at > from.ToUnixTimeMilliseconds() ? Time(at) : from;
        return _hours is null ? free : _hours.NextOpen(free);
    }

    private long CooledAt(GuardrailTrack track) => _cooldown > 0 && track.Events.Count > 0 ? track.Events[^1].At + _cooldown : 0;

    /// <summary>When the window holds one call less than the most.</summary>
    private long RoomAt(GuardrailTrack track) => _maxCalls is { } most && track.Events.Count >= most ? track.Events[^most].At + _window : 0;

    internal static string Words(TimeSpan time) => time switch
    {
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerDay == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays} d"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerHour == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours} h"),
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerMinute == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds} s"),
    };
}
