using System.Threading.RateLimiting;
using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Benchmarks.Limits;

/// <summary>The same rules here and in the framework.</summary>
internal sealed class LimitBenchCase : IDisposable
{
    private const int Calls = 1_000_000_000;
    private readonly InMemoryLimitStore _store;
    private readonly LimitClaim[][] _claims;
    private readonly LimitCount[][] _counts = [new LimitCount[3], new LimitCount[3]];
    private readonly string[] _keys;
    private readonly LimitsOptions _options;
    private PartitionedRateLimiter<string>[] _framework = [];
    private readonly LimitGuard _guard;
    private readonly GateCall _call;

    public LimitBenchCase(int rules, int keys)
    {
        var options = new LimitsOptions { KeysMax = keys * 2 < 16 ? 16 : keys * 2 };
        for (var i = 0; i < rules; i++)
        {
            options.Rules.Add(new LimitRule { Name = $"rule-{i}", Calls = Calls, Per = LimitPer.Key, Action = "callModel", Window = TimeSpan.FromSeconds(60 * (i + 1)) });
        }

        var wrapped = Options.Create(options);
        var set = new LimitSet(wrapped);
        var metrics = new LimitMetrics();
        _store = new InMemoryLimitStore(set.All, options.KeysMax, TimeProvider.System, metrics, NullLogger.Instance);
        _guard = new LimitGuard(
            set, _store, _store, wrapped, metrics, TimeProvider.System, new LimitStoreHealth(set, TimeProvider.System, metrics, NullLogger<LimitStoreHealth>.Instance));
        _keys = [.. Enumerable.Range(0, keys).Select(key => $"0197b2c4-d5e6-7f08-192a-{key:d12}")];
        _claims = [.. _keys.Select(key => set.Claims(Call(key)))];
        _call = Call(_keys[0]);
        _options = options;

        // Every key is known before the measuring begins.
        for (var at = 0; at < keys; at++)
        {
            Ours(0, at);
        }
    }

    public void BuildFramework()
    {
        _framework =
        [
            .. _options.Rules.Select(rule => PartitionedRateLimiter.Create<string, string>(
                key => RateLimitPartition.GetSlidingWindowLimiter(
                    key,
                    _ => new SlidingWindowRateLimiterOptions
                    {
                        PermitLimit = Calls, Window = rule.Window, SegmentsPerWindow = SlidingWindow.Slots, QueueLimit = 0, AutoReplenishment = true,
                    }),
                StringComparer.Ordinal)),
        ];
        for (var at = 0; at < _keys.Length; at++)
        {
            Framework(0, at);
        }
    }

    public bool Ours(int thread, int at)
    {
        var claims = _claims[Place(thread, at)];
        return _store.TryAcquire(claims, _counts[thread].AsSpan(0, claims.Length));
    }

    public bool Framework(int thread, int at)
    {
        var key = _keys[Place(thread, at)];
        foreach (var limiter in _framework)
        {
            using var lease = limiter.AttemptAcquire(key);
            if (!lease.IsAcquired)
            {
                return false;
            }
        }

        return true;
    }

    public bool Guard(int thread, int at)
        => _guard.InspectAsync(new GuardContext(_call, new CallScope()), CancellationToken.None).AsTask().GetAwaiter().GetResult() is Verdict.Allow;

    public void Dispose()
    {
        foreach (var limiter in _framework)
        {
            limiter.Dispose();
        }
    }

    // Every thread visits all keys, far from the others' and not in the order of memory.
    private int Place(int thread, int at) => (int)((uint)((at * 7_919) + (thread * 50_021)) % (uint)_keys.Length);

    private static GateCall Call(string key) => new()
    {
        Id = key,
        Door = "bench",
        Principal = new Principal { Tenant = "default", Id = "agent_bench", KeyId = key },
        Action = GateActions.CallModel,
        Resource = EntityRef.Model("gpt-5"),
        Content = AgentGate.Content.EmptyContent.Instance,
        Targets = [new EffectTarget("mock", "gpt-5")],
        Context = new CallContext { At = DateTimeOffset.UnixEpoch },
    };
}
