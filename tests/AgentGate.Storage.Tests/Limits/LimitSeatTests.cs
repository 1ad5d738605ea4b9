using System.Diagnostics;
using AgentGate.Limits;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Limits;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Limits;

public sealed class LimitSeatTests
{
    [Fact]
    public async Task Seats_are_leased_once_each_and_a_seat_of_another_serves_a_window_later()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var limits = Set(servers: 2);
        var (a, b, c) = (Of(database, limits, "a").Seat, Of(database, limits, "b").Seat, Of(database, limits, "c").Seat);
        foreach (var seat in (PostgresLimitSeat[])[a, b, c, a])
        {
            await seat.RenewAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal((0, 1, null), (a.Seat, b.Seat, c.Seat));
        Assert.True(a.MayGrant(limits.All[0]) && b.MayGrant(limits.All[0]));
        Assert.False(c.MayGrant(limits.All[0]));
        await b.ReleaseAsync(TestContext.Current.CancellationToken);
        Assert.False(b.MayGrant(limits.All[0]));
        await c.RenewAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, c.Seat);
        Assert.False(c.MayGrant(limits.All[0]));
        for (var patience = Stopwatch.StartNew(); !c.MayGrant(limits.All[0]); await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(10));
        }
    }

    [Theory]
    [InlineData(3, 100, StoreLoss.LocalShare)]
    [InlineData(2, 50, StoreLoss.LocalShare)]
    [InlineData(2, 100, StoreLoss.Deny)]
    public async Task A_server_whose_shares_are_others_gets_no_seat_until_a_window_after_the_last_of_those_ended(int servers, int calls, StoreLoss onLoss)
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var (old, _) = Of(database, Set(servers: 2), "old");
        var limits = Set(servers, calls, onLoss);
        var (changed, health) = Of(database, limits, "changed");
        await old.RenewAsync(TestContext.Current.CancellationToken);
        await changed.RenewAsync(TestContext.Current.CancellationToken);
        await changed.RenewAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, null), (old.Seat, changed.Seat));
        Assert.False(changed.MayGrant(limits.All[0]));
        Assert.StartsWith("AG2109", health.Remark, StringComparison.Ordinal);

        await old.ReleaseAsync(TestContext.Current.CancellationToken);
        await changed.RenewAsync(TestContext.Current.CancellationToken);
        Assert.Null(health.Remark);
        Assert.NotNull(changed.Seat);
        Assert.False(changed.MayGrant(limits.All[0]));
        for (var patience = Stopwatch.StartNew(); !changed.MayGrant(limits.All[0]); await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(10));
        }

        // The old one comes back: now it is the one that differs.
        await old.RenewAsync(TestContext.Current.CancellationToken);
        Assert.Null(old.Seat);
    }

    private static (PostgresLimitSeat Seat, LimitStoreHealth Health) Of(PostgresTestDatabase database, LimitSet limits, string owner)
    {
        var health = new LimitStoreHealth(limits, TimeProvider.System, new LimitMetrics(), NullLogger<LimitStoreHealth>.Instance);
        return (new PostgresLimitSeat(database.Database, "p", limits, health, owner, TimeProvider.System, NullLogger<PostgresLimitSeat>.Instance), health);
    }

    private static LimitSet Set(int servers, int calls = 100, StoreLoss onLoss = StoreLoss.LocalShare)
    {
        var options = new LimitsOptions { Servers = servers };
        options.Rules.Add(new LimitRule { Name = "r", Calls = calls, Window = TimeSpan.FromSeconds(1), OnStoreLoss = onLoss });
        return new LimitSet(Microsoft.Extensions.Options.Options.Create(options));
    }
}
