using AgentGate.Alerts;
using AgentGate.Pipeline;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Alerts;

/// <summary>What must hold of every sequence of alerts of one category and source.</summary>
public sealed class AlertRulesLaws
{
    private static readonly AlertOptions s_options = new();
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static Arbitrary<Raised[]> Sequences
        => (from after in Gen.Frequency((8, Gen.Choose(0, 3)), (2, Gen.Choose(4, 90)), (1, Gen.Choose(200, 700)))
            from same in Gen.Choose(0, 14)
            from severity in Gen.Frequency((10, Gen.Constant(AlertSeverity.Low)), (6, Gen.Constant(AlertSeverity.Medium)), (3, Gen.Constant(AlertSeverity.High)), (1, Gen.Constant(AlertSeverity.Critical)))
            select new Raised(after, $"f{same}", severity)).ArrayOf().Resize(120).ToArbitrary();

    [Property(MaxTest = 300)]
    public Property Nothing_is_lost()
        => Prop.ForAll(Sequences, raised =>
        {
            var desk = Desk.After(raised);
            return desk.Sent.Count + desk.Counted == raised.Length;
        });

    [Property(MaxTest = 300)]
    public Property What_matters_more_than_all_that_was_sent_goes_out_at_once()
        => Prop.ForAll(Sequences, raised =>
        {
            var desk = new Desk();
            return raised.All(one =>
            {
                var before = desk.Sent.Where(sent => desk.Now + TimeSpan.FromSeconds(one.After) - sent.RaisedAt < AlertRules.Horizon(s_options)).ToList();
                return desk.Raise(one) is AlertChoice.Send || before.Exists(sent => sent.Severity >= one.Severity);
            });
        });

    [Property(MaxTest = 300)]
    public Property Every_channel_is_told_of_every_alert_it_takes_by_itself_by_one_like_it_or_by_a_summary()
        => Prop.ForAll(Sequences, raised =>
        {
            var desk = new Desk();
            return raised.All(one => desk.ToldBy(desk.Raise(one)) is { } told && told.Severity >= one.Severity && Desk.ChannelsOf(one.Severity).IsSubsetOf(told.Channels));
        });

    [Property(MaxTest = 300)]
    public Property A_critical_one_that_is_no_repetition_is_never_held()
        => Prop.ForAll(Sequences, raised =>
        {
            var desk = new Desk();
            return raised.All(one => desk.Raise(one) is not AlertChoice.Hold || one.Severity < AlertSeverity.Critical);
        });

    [Property(MaxTest = 300)]
    public Property The_same_goes_out_again_within_the_window_only_with_a_higher_severity()
        => Prop.ForAll(Sequences, raised => Desk.After(raised).Sent.GroupBy(sent => sent.Fingerprint).All(same => same.Zip(same.Skip(1)).All(
            pair => pair.Second.RaisedAt - pair.First.RaisedAt >= s_options.DedupWindow || pair.Second.Severity > pair.First.Severity)));

    [Property(MaxTest = 300)]
    public Property A_window_holds_the_bound_and_one_more_for_each_step_of_severity_and_the_critical_ones()
        => Prop.ForAll(Sequences, raised =>
        {
            var sent = Desk.After(raised).Sent;
            return sent.TrueForAll(one => sent.Count(other => other.Severity < AlertSeverity.Critical && other.RaisedAt <= one.RaisedAt && one.RaisedAt - other.RaisedAt < s_options.Window) <= s_options.MaxPerWindow + 3);
        });

    [Fact]
    public void The_eleventh_in_a_minute_begins_a_cooldown_that_counts_and_a_critical_one_passes_it()
    {
        var desk = new Desk();
        for (var i = 0; i < 10; i++)
        {
            Assert.IsType<AlertChoice.Send>(desk.Raise(new Raised(1, $"f{i}", AlertSeverity.Medium)));
        }

        Assert.Null(Assert.IsType<AlertChoice.Hold>(desk.Raise(new Raised(1, "f10", AlertSeverity.Medium))).SummaryId);
        Assert.NotNull(Assert.IsType<AlertChoice.Hold>(desk.Raise(new Raised(100, "f11", AlertSeverity.Medium))).SummaryId);
        Assert.IsType<AlertChoice.Send>(desk.Raise(new Raised(1, "f11", AlertSeverity.Critical)));
        Assert.IsType<AlertChoice.Send>(desk.Raise(new Raised(1, "f12", AlertSeverity.Critical)));
        Assert.IsType<AlertChoice.Repeat>(desk.Raise(new Raised(0, "f12", AlertSeverity.Critical)));
        Assert.IsType<AlertChoice.Send>(desk.Raise(new Raised(300, "f13", AlertSeverity.Low)));
    }

    [Fact]
    public void A_higher_one_in_a_cooldown_is_sent_and_the_next_of_its_severity_is_told_in_the_summary()
    {
        var desk = new Desk();
        for (var i = 0; i < 11; i++)
        {
            desk.Raise(new Raised(1, $"f{i}", AlertSeverity.Medium));
        }

        var sent = Assert.IsType<AlertChoice.Send>(desk.Raise(new Raised(1, "f11", AlertSeverity.High)));
        Assert.NotNull(sent.Raised);
        var held = Assert.IsType<AlertChoice.Hold>(desk.Raise(new Raised(1, "f12", AlertSeverity.High)));

        Assert.Equal(sent.Raised, held.SummaryId);
        Assert.Contains("webhook", desk.ToldBy(held)!.Value.Channels);
    }

    private sealed record Raised(int After, string Fingerprint, AlertSeverity Severity);

    /// <summary>What a store does with the choices.</summary>
    private sealed class Desk
    {
        private readonly List<RecentAlert> _all = [];
        private readonly Dictionary<string, HashSet<string>> _channels = [];

        public DateTimeOffset Now { get; private set; } = s_start;

        public int Counted { get; private set; }

        public List<RecentAlert> Sent => _all.FindAll(one => !one.IsSummary);

        public static Desk After(Raised[] raised)
        {
            var desk = new Desk();
            foreach (var one in raised)
            {
                desk.Raise(one);
            }

            return desk;
        }

        /// <summary>The channels as they are configured by default: the log takes all, the others what is high.</summary>
        public static HashSet<string> ChannelsOf(AlertSeverity severity)
            => severity >= AlertSeverity.High ? new HashSet<string> { "log", "webhook" } : new HashSet<string> { "log" };

        /// <summary>What tells of an alert, and through which channels.</summary>
        public (AlertSeverity Severity, IReadOnlySet<string> Channels)? ToldBy(AlertChoice choice)
        {
            var id = choice switch
            {
                AlertChoice.Repeat(var same) => same,
                AlertChoice.Hold({ } summary) => summary,
                _ => _all[^1].Id,
            };
            return _all.Find(one => one.Id == id) is { } told ? (told.Severity, _channels[id]) : null;
        }

        public AlertChoice Raise(Raised one)
        {
            Now += TimeSpan.FromSeconds(one.After);
            var recent = _all.FindAll(before => Now - before.RaisedAt < AlertRules.Horizon(s_options));
            var choice = AlertRules.Decide(recent, one.Fingerprint, one.Severity, Now, s_options);
            switch (choice)
            {
                case AlertChoice.Send(var summary):
                    if (_all.FindIndex(before => before.Id == summary) is >= 0 and var at)
                    {
                        _all[at] = _all[at] with { Severity = one.Severity };
                        _channels[_all[at].Id].UnionWith(ChannelsOf(one.Severity));
                    }

                    Add(new RecentAlert($"a{_all.Count}", one.Fingerprint, one.Severity, Now, IsSummary: false));
                    break;
                case AlertChoice.Hold(null):
                    Add(new RecentAlert($"s{_all.Count}", string.Empty, recent.Where(before => !before.IsSummary).Select(before => before.Severity).Append(one.Severity).Max(), Now, IsSummary: true));
                    Counted++;
                    break;
                default:
                    Counted++;
                    break;
            }

            return choice;
        }

        private void Add(RecentAlert one)
        {
            _all.Add(one);
            _channels[one.Id] = [.. ChannelsOf(one.Severity)];
        }
    }
}
