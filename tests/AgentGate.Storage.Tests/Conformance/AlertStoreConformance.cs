using AgentGate.Alerts;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IAlertStore"/> must do.</summary>
public abstract class AlertStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(40);
    private static readonly AlertOptions s_options = new();

    private int _ids;

    private protected abstract Task<IAlertStore> CreateAsync();

    /// <summary>The bytes of a stored alert.</summary>
    private protected abstract Task<byte[]> StoredAsync(string id);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_alert_reads_back_whole_with_its_deliveries()
    {
        var store = await CreateAsync();
        Assert.IsType<AlertChoice.Send>(await RaiseAsync(store, 0));

        var read = Assert.Single(await store.ListAsync(10, default));
        var expected = Content();
        Assert.Equal(expected with { Details = [] }, read.Alert with { Details = [] });
        Assert.Equal(expected.Details, read.Alert.Details);
        Assert.Equal(s_start, read.RaisedAt);
        Assert.Equal([new AlertDeliveryState("log", AlertStates.Waiting, 0, null), new AlertDeliveryState("webhook", AlertStates.Waiting, 0, null)], read.Deliveries);
    }

    [Fact]
    public async Task Nothing_personal_is_stored_in_clear()
    {
        var store = await CreateAsync();
        await RaiseAsync(store, 0);
        var stored = System.Text.Encoding.UTF8.GetString(await StoredAsync("alert_1"));

        Assert.DoesNotContain("203.0.113.9", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("jane@example.org", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_is_counted_and_a_higher_severity_is_sent()
    {
        var store = await CreateAsync();
        await RaiseAsync(store, 0);
        Assert.Equal(new AlertChoice.Repeat("alert_1"), await RaiseAsync(store, 1));
        Assert.IsType<AlertChoice.Send>(await RaiseAsync(store, 2, AlertSeverity.Critical));
        Assert.IsType<AlertChoice.Repeat>(await RaiseAsync(store, 3));
        Assert.IsType<AlertChoice.Send>(await RaiseAsync(store, 303));

        Assert.Equal([0L, 1L, 1L], (await store.ListAsync(10, default)).Select(one => one.Repeats));
    }

    [Fact]
    public async Task Too_many_of_a_kind_are_counted_in_a_summary_that_is_due_when_the_cooldown_ends()
    {
        var store = await CreateAsync();
        for (var i = 0; i < 14; i++)
        {
            await RaiseAsync(store, i, address: $"203.0.113.{i}");
        }

        await ClaimAllAsync(store, s_start.AddSeconds(20));
        Assert.Empty(await store.ClaimAsync(s_start.AddSeconds(309), s_lease, 100, default));
        var summary = await store.ClaimAsync(s_start.AddSeconds(311), s_lease, 100, default);

        Assert.Equal(["log", "webhook"], summary.Select(one => one.Channel).Order(StringComparer.Ordinal));
        Assert.All(summary, one => Assert.True(one.Alert is { IsSummary: true, Repeats: 4, Alert: { Category: "brute-force", Source: "sign-in" } }));
    }

    [Fact]
    public async Task A_higher_severity_in_a_cooldown_is_sent_and_the_summary_goes_to_its_channels_too()
    {
        var store = await CreateAsync();
        for (var i = 0; i < 11; i++)
        {
            await RaiseAsync(store, i, AlertSeverity.Medium, $"203.0.113.{i}");
        }

        Assert.NotNull(Assert.IsType<AlertChoice.Send>(await RaiseAsync(store, 12, AlertSeverity.High, "203.0.113.12")).Raised);
        Assert.NotNull(Assert.IsType<AlertChoice.Hold>(await RaiseAsync(store, 13, AlertSeverity.High, "203.0.113.13")).SummaryId);
        Assert.IsType<AlertChoice.Send>(await RaiseAsync(store, 14, AlertSeverity.Critical, "203.0.113.14"));
        Assert.IsType<AlertChoice.Send>(await RaiseAsync(store, 15, AlertSeverity.Critical, "203.0.113.15"));

        await ClaimAllAsync(store, s_start.AddSeconds(20));
        var summary = await store.ClaimAsync(s_start.AddSeconds(311), s_lease, 100, default);

        Assert.Equal(["log", "webhook"], summary.Select(one => one.Channel).Order(StringComparer.Ordinal));
        Assert.All(summary, one => Assert.True(one.Alert is { IsSummary: true, Repeats: 2, Alert.Severity: AlertSeverity.Critical }));
    }

    [Fact]
    public async Task A_delivery_is_taken_by_one_and_again_when_the_lease_ends()
    {
        var store = await CreateAsync();
        await RaiseAsync(store, 0);

        var taken = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => store.ClaimAsync(s_start, s_lease, 10, default)));
        Assert.Equal(2, taken.Sum(one => one.Count));
        Assert.Empty(await store.ClaimAsync(s_start + s_lease - TimeSpan.FromMilliseconds(1), s_lease, 10, default));
        var again = await store.ClaimAsync(s_start + s_lease, s_lease, 10, default);

        Assert.Equal([2L, 2L], again.Select(one => one.Tries));

        // Who comes back after its lease says nothing any more.
        Assert.False(await store.CompleteAsync(taken.SelectMany(one => one).First(), default));
        Assert.True(await store.CompleteAsync(again[0], default));
        Assert.False(await store.FailAsync(again[0], "late", null, default));
    }

    [Fact]
    public async Task What_failed_waits_and_what_is_given_up_says_why()
    {
        var store = await CreateAsync();
        await RaiseAsync(store, 0);
        var taken = await store.ClaimAsync(s_start, s_lease, 10, default);
        Assert.True(await store.CompleteAsync(taken.Single(one => one.Channel == "log"), default));
        Assert.True(await store.FailAsync(taken.Single(one => one.Channel == "webhook"), "status-500", s_start.AddSeconds(5), default));

        Assert.Empty(await store.ClaimAsync(s_start.AddSeconds(4), s_lease, 10, default));
        var again = Assert.Single(await store.ClaimAsync(s_start.AddSeconds(5), s_lease, 10, default));
        Assert.True(await store.FailAsync(again, "unreachable", again: null, default));

        Assert.Empty(await store.ClaimAsync(s_start.AddDays(1), s_lease, 10, default));
        Assert.Equal(
            [new AlertDeliveryState("log", AlertStates.Sent, 1, null), new AlertDeliveryState("webhook", AlertStates.GivenUp, 2, "unreachable")],
            Assert.Single(await store.ListAsync(10, default)).Deliveries);
    }

    [Fact]
    public async Task The_same_from_many_at_once_is_sent_once()
    {
        var store = await CreateAsync();
        var choices = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RaiseAsync(store, 0)));

        Assert.Single(choices.OfType<AlertChoice.Send>());
        Assert.Equal(7, Assert.Single(await store.ListAsync(10, default)).Repeats);
    }

    [Fact]
    public async Task Old_alerts_go_with_their_deliveries()
    {
        var store = await CreateAsync();
        await RaiseAsync(store, 0);
        await RaiseAsync(store, 1000);

        await store.PurgeAsync(s_start.AddSeconds(500), default);

        Assert.Equal(s_start.AddSeconds(1000), Assert.Single(await store.ListAsync(10, default)).RaisedAt);
        Assert.Equal(2, (await store.ClaimAsync(s_start.AddDays(1), s_lease, 10, default)).Count);
    }

    private static async Task ClaimAllAsync(IAlertStore store, DateTimeOffset now)
    {
        foreach (var one in await store.ClaimAsync(now, s_lease, 100, default))
        {
            await store.CompleteAsync(one, default);
        }
    }

    private Task<AlertChoice> RaiseAsync(IAlertStore store, int second, AlertSeverity severity = AlertSeverity.High, string address = "203.0.113.9")
    {
        var number = Interlocked.Increment(ref _ids);
        return store.AddAsync(
            new StoredAlert($"alert_{number}", Content() with { Severity = severity, Address = address }, s_start.AddSeconds(second)), $"summary_{number}", ChannelsOf, s_options, default);
    }

    private static IReadOnlyList<string> ChannelsOf(AlertSeverity severity) => severity >= AlertSeverity.High ? ["log", "webhook"] : ["log"];

    private static Alert Content() => new()
    {
        Severity = AlertSeverity.High,
        Category = "brute-force",
        Source = "sign-in",
        Title = "Failed sign-ins",
        Description = "Again and again.",
        Address = "203.0.113.9",
        UserId = "user_1",
        Account = "jane@example.org",
        UserAgent = "curl/8",
        Details = [new AlertDetail("failures", "10")],
    };
}
