using System.Globalization;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ILimitStore"/> must do. The model is the store in process, which has laws of its own.</summary>
public abstract class LimitStoreConformance
{
    private const int Callers = 64;

    /// <summary>How many random schedules are tried; a tenth of what the laws of the store in process get.</summary>
    private static int Schedules
        => int.TryParse(Environment.GetEnvironmentVariable("AGENTGATE_LAW_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count / 100 : 40;

    /// <summary>Two instances over the same counts.</summary>
    /// <param name="limits">The rules.</param>
    /// <param name="clock">The clock that counts, where it is not the store's own.</param>
    private protected abstract Task<(ILimitStore First, ILimitStore Second)> CreateAsync(LimitSet limits, TimeProvider? clock);

    [Fact]
    public async Task A_schedule_is_judged_as_by_the_store_in_process()
    {
        for (var seed = 0; seed < Schedules; seed++)
        {
            await RunAsync(seed);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(61)]
    [InlineData(150)]
    public async Task Sixty_four_callers_over_two_instances_never_pass_a_limit_and_leave_nothing_of_refused_calls(int calls)
    {
        var limits = Set(Rule("narrow", calls, LimitPer.Key), Rule("wide", 1_000, LimitPer.Tenant));
        var (first, second) = await CreateAsync(limits, null);
        var passed = 0;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < 6; i++)
            {
                var claims = limits.Claims(Call());
                Interlocked.Add(ref passed, await AskAsync(caller % 2 == 0 ? first : second, claims, new LimitCount[claims.Length]) ? 1 : 0);
            }
        })));

        Assert.Equal(calls, passed);
        var counts = new LimitCount[2];
        Assert.False(await AskAsync(second, limits.Claims(Call()), counts));
        Assert.Equal((0, false), (counts[0].Remaining, counts[0].Fits));
        Assert.Equal((1_000 - passed, true), (counts[1].Remaining, counts[1].Fits));
        Assert.InRange(counts[0].NextFree, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(301));
        Assert.True(await AskAsync(first, limits.Claims(Call(key: "another")), counts));
        Assert.Equal(1_000 - passed - 1, counts[1].Remaining);
    }

    [Fact]
    public async Task Names_that_could_be_joined_or_spelled_into_one_another_have_counts_of_their_own()
    {
        var limits = Set(Rule("r", 1, LimitPer.Tenant | LimitPer.User | LimitPer.Key | LimitPer.Model));
        var (first, second) = await CreateAsync(limits, null);
        GateCall[] strangers =
        [
            Call("a", "b", "c", "m"), Call("ab", "", "c", "m"), Call("a:b", "c", "c", "m"), Call("a", "b:c", "c", "m"), Call("1:a", "b", "c", "m"),
            Call("a", "b", "c:", "m"), Call("a", "b", "-", "m"), Call("a", null, "c", "m"), Call("a", "-", "c", "m"), Call("a", "b", "c", "m:1"),
            Call("a", "b", new string('x', 3_000), "m"), Call("a", "b", new string('x', 3_001), "m"), Call("a", "b", "t\n*?{}", "m"), Call("é", "b", "c", "m"), Call("e\u0301", "b", "c", "m"),
        ];

        foreach (var call in strangers)
        {
            Assert.True(await AskAsync(first, limits.Claims(call), new LimitCount[1]), call.Principal.Tenant);
        }

        foreach (var call in strangers)
        {
            Assert.False(await AskAsync(second, limits.Claims(call), new LimitCount[1]));
        }

        Assert.False(await AskAsync(second, limits.Claims(Call("a", "b", "c", "M")), new LimitCount[1]));
    }

    [Fact]
    public async Task A_count_over_all_tenants_is_no_tenants_and_rules_are_kept_apart()
    {
        var limits = Set(Rule("all", 3, LimitPer.Global), Rule("other", 2, LimitPer.Tenant));
        var (first, second) = await CreateAsync(limits, null);
        var counts = new LimitCount[2];

        Assert.True(await AskAsync(first, limits.Claims(Call(tenant: "a")), counts));
        Assert.True(await AskAsync(second, limits.Claims(Call(tenant: "a")), counts));
        Assert.False(await AskAsync(second, limits.Claims(Call(tenant: "a")), counts));
        Assert.Equal((true, false), (counts[0].Fits, counts[1].Fits));
        Assert.True(await AskAsync(second, limits.Claims(Call(tenant: "b")), counts));
        Assert.False(await AskAsync(first, limits.Claims(Call(tenant: "*")), counts));
        Assert.Equal((false, true), (counts[0].Fits, counts[1].Fits));
    }

    private async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
        LimitPer[] pers = [LimitPer.Key, LimitPer.User | LimitPer.Tool, LimitPer.Tenant, LimitPer.Global];
        int[] sizes = [1, 2, 5, 60, 61, 62, 90, 150];
        var limits = Set([.. Enumerable.Range(0, random.Next(1, 4)).Select(index =>
            Rule($"r{index}", sizes[random.Next(sizes.Length)], pers[random.Next(pers.Length)], 60 * random.Next(1, 4)))]);
        var model = new InMemoryLimitStore(limits.All, 4_096, clock, new LimitMetrics(), NullLogger.Instance);
        var (first, second) = await CreateAsync(limits, clock);
        for (var step = 0; step < 20; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(random.Next(3) switch { 0 => 0, 1 => random.Next(2_000), _ => random.Next(200_000) }));
            var name = random.Next(3);
            var claims = limits.Claims(random.Next(3) == 0 ? ToolCall($"agent_{name}", $"key_{name}") : Call($"agent_{name}", $"key_{name}"));
            for (var burst = random.Next(4) == 0 ? random.Next(1, 80) : 1; burst > 0 && claims.Length > 0; burst--)
            {
                var (expected, actual) = (new LimitCount[claims.Length], new LimitCount[claims.Length]);
                var fits = model.TryAcquire(claims, expected);
                if (fits != await AskAsync(random.Next(2) == 0 ? first : second, claims, actual) || !expected.SequenceEqual(actual))
                {
                    Assert.Fail($"Schedule {seed}, step {step}: {string.Join(", ", expected)} but {string.Join(", ", actual)}");
                }
            }
        }
    }

    private static async Task<bool> AskAsync(ILimitStore store, LimitClaim[] claims, LimitCount[] counts)
        => await store.TryAcquireAsync(claims, counts, TestContext.Current.CancellationToken);

    /// <summary>A model call.</summary>
    internal static GateCall AnyCall => Call();

    private protected static LimitSet Set(params LimitRule[] rules) => Set(1, rules);

    private protected static LimitSet Set(int servers, params LimitRule[] rules)
    {
        var options = new LimitsOptions { Servers = servers };
        Array.ForEach(rules, options.Rules.Add);
        return new LimitSet(Options.Create(options));
    }

    private protected static LimitRule Rule(string name, int calls, LimitPer per, int seconds = 300, StoreLoss onLoss = StoreLoss.Deny)
        => new() { Name = name, Calls = calls, Per = per, Window = TimeSpan.FromSeconds(seconds), OnStoreLoss = onLoss };

    private protected static GateCall Call(string principal = "agent_a", string? key = "key_a", string tenant = "t1", string model = "m") => new()
    {
        Id = "call",
        Door = "test",
        Principal = new Principal { Id = principal, Tenant = tenant, KeyId = key },
        Action = GateActions.CallModel,
        Resource = EntityRef.Model(model),
        Context = new CallContext { At = DateTimeOffset.UnixEpoch },
        Content = EmptyContent.Instance,
        Targets = [new EffectTarget("p", model)],
    };

    private protected static GateCall ToolCall(string principal, string key) => Call(principal, key) with
    {
        Action = GateActions.CallTool,
        Resource = EntityRef.Tool("t"),
        Targets = [new EffectTarget("caller", "t")],
    };
}
