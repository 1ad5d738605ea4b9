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
    public Property The_same_goes_out_again_within_the_window_only_with_a_higher_severity()
        => Prop.ForAll(Sequences, raised => Desk.After(raised).Sent.GroupBy(sent => sent.Fingerprint).All(same => same.Zip(same.Skip(1)).All(
            pair => pair.Second.RaisedAt - pair.First.RaisedAt >= s_options.DedupWindow || pair.Second.Severity > pair.First.Severity)));

    [Property(MaxTest = 300)]
    public Property A_window_holds_the_bound_and_one_more_for_each_step_of_severity()
        => Prop.ForAll(Sequences, raised =>
        {
            var sent = Desk.After(raised).Sent;
            return sent.TrueForAll(one => sent.Count(other => other.RaisedAt <= one.RaisedAt && one.RaisedAt - other.RaisedAt < s_options.Window) <= s_options.MaxPerWindow + 3);
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
        Assert.IsType<AlertChoice.Hold>(desk.Raise(new Raised(1, "f12", AlertSeverity.Critical)));
        Assert.IsType<AlertChoice.Send>(desk.Raise(new Raised(300, "f13", AlertSeverity.Low)));
    }

    private sealed record Raised(int After, string Fingerprint, AlertSeverity Severity);

    /// <summary>What a store does with the choices.</summary>
    private sealed class Desk
    {
        private readonly List<RecentAlert> _all = [];

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

        public AlertChoice Raise(Raised one)
        {
            Now += TimeSpan.FromSeconds(one.After);
            var recent = _all.FindAll(before => Now - before.RaisedAt < AlertRules.Horizon(s_options));
            var choice = AlertRules.Decide(recent, one.Fingerprint, one.Severity, Now, s_options);
            switch (choice)
            {
                case AlertChoice.Send:
                    _all.Add(new RecentAlert($"a{_all.Count}", one.Fingerprint, one.Severity, Now, IsSummary: false));
                    break;
                case AlertChoice.Hold(null):
                    _all.Add(new RecentAlert($"s{_all.Count}", string.Empty, one.Severity, Now, IsSummary: true));
                    Counted++;
                    break;
                default:
                    Counted++;
                    break;
            }

            return choice;
        }
    }
}
