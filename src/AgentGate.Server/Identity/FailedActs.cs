using System.Collections.Frozen;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>
/// Puts failed sign-ins and the like on record. The first few of a minute have an entry each, written before the answer; after that one entry
/// per source, account and minute says how many there were, so that a flood costs additions and not durable writes. Every refused act passes
/// here, and so here is told what may be an attack: each guess, and of what a limit refuses unlooked at one per address and second.
/// </summary>
/// <remarks>Thread-safe.</remarks>
#pragma warning disable CA1001 // Nothing to dispose of: the wait handle of the semaphore is never asked for.
internal sealed class FailedActs(IdentityActs acts, IDecisionRecorder recorder, IActOrigins origins, IIdSource ids, TimeProvider time, GateMetrics metrics, ISecurityEvents? events = null)
#pragma warning restore CA1001
{
    /// <summary>How many of one source and account have an entry of their own within a minute.</summary>
    public const int OfOneMax = 3;

    /// <summary>How many have within a minute in all.</summary>
    public const int OfAllMax = 60;

    /// <summary>The most sources and accounts told apart within a minute; the rest is counted together.</summary>
    public const int SourcesMax = 1024;

    private static readonly ActOrigin s_many = new("many", string.Empty);

    /// <summary>Refusals of a secret that was not right.</summary>
    private static readonly FrozenSet<string> s_guesses = FrozenSet.ToFrozenSet(
        [
            Codes.SignInRefused, Codes.SecondFactorRefused, Codes.FactorRefused, Codes.PasswordRefused, Codes.FederationTokenRefused,
            Codes.InvitationInvalid, Codes.SetupCodeNeeded,
        ],
        StringComparer.Ordinal);

    /// <summary>Refusals without looking.</summary>
    private static readonly FrozenSet<string> s_limits = FrozenSet.ToFrozenSet([Codes.AccountLocked, Codes.SignInLimited, Codes.FactorLimited], StringComparer.Ordinal);

    private readonly Lock _lock = new();

    // One flush at a time: whoever flushes everything must not be done while another still holds what it took over.
    private readonly SemaphoreSlim _flushing = new(1, 1);
    private Dictionary<Key, int> _counts = [];
    private DateTimeOffset _minute;
    private int _ofAll;

    /// <summary>Notes a failed act.</summary>
    /// <param name="context">The request it came with.</param>
    /// <param name="tenant">Whose log; <c>system</c> where the account is not known.</param>
    /// <param name="userId">The account, or empty.</param>
    /// <param name="action">What failed.</param>
    /// <param name="code">Why.</param>
    /// <param name="account">The e-mail address of the account that was tried, where one was named.</param>
    public async Task AddAsync(HttpContext context, string tenant, string userId, string action, string code, string account = "")
    {
        metrics.SignIn(action, code);
        if (s_limits.Contains(code) || s_guesses.Contains(code))
        {
            await TellAsync(context, account, isLimited: s_limits.Contains(code));
        }

        if (Take(new Key(tenant, userId, ActOrigins.Of(context), action, code, Minute())))
        {
            await acts.AppendAsync(context, tenant, userId, action, "failed", code);
        }
    }

    /// <summary>Tells of a guess, the same for accounts that are there and that are not, without putting it on record.</summary>
    /// <param name="context">The request it came with.</param>
    /// <param name="account">The e-mail address of the account that was tried, where one was named.</param>
    /// <param name="isLimited">Whether it was refused unlooked at.</param>
    public async ValueTask TellAsync(HttpContext context, string account = "", bool isLimited = false)
    {
        if (events is not null)
        {
            var origin = ActOrigins.Of(context);
            await events.ReportAsync(
                new SecurityEvent.SignInFailed { Address = origin.Address, UserAgent = origin.UserAgent, Account = EmailAddress.Fold(account), IsLimited = isLimited }, context.RequestAborted);
        }
    }

    /// <summary>Appends what was counted in minutes that are over, or everything at shutdown. What cannot be appended is kept.</summary>
    public async Task FlushAsync(bool all, CancellationToken cancellationToken)
    {
        await _flushing.WaitAsync(cancellationToken);
        Queue<KeyValuePair<Key, int>> waiting = [];
        try
        {
            waiting = new(TakeOver(all));
            while (waiting.TryPeek(out var next))
            {
                var (key, id) = (next.Key, ids.NewId());
                await origins.AddAsync(id, key.Tenant, key.UserId, key.Origin, key.Minute, cancellationToken);
                await recorder.AppendAsync(
                    new DecisionRecord(new LogEntryBody
                    {
                        Id = id,
                        Kind = EntryKind.Admin,
                        At = key.Minute,
                        Tenant = key.Tenant,
                        Principal = key.UserId.Length > 0 ? key.UserId : null,
                        Action = key.Action,
                        Code = key.Code,
                        Count = next.Value,
                        Detail = "failed, further ones in the minute from this time on",
                    }),
                    cancellationToken);
                waiting.Dequeue();
            }
        }
        finally
        {
            lock (_lock)
            {
                foreach (var (key, count) in waiting)
                {
                    _counts[key] = _counts.GetValueOrDefault(key) + count;
                }
            }

            _flushing.Release();
        }
    }

    private DateTimeOffset Minute()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
    }

    /// <summary>Whether the act has an entry of its own; otherwise it is counted.</summary>
    private bool Take(Key key)
    {
        lock (_lock)
        {
            if (key.Minute > _minute)
            {
                (_minute, _ofAll) = (key.Minute, 0);
            }

            if (_counts.Count >= SourcesMax && !_counts.ContainsKey(key))
            {
                key = key with { Tenant = IdentityActs.SystemTenant, UserId = string.Empty, Origin = s_many };
            }

            // Negative: as many as have an entry already.
            var count = _counts.GetValueOrDefault(key, -OfOneMax);
            if (count < 0 && _ofAll < OfAllMax)
            {
                _counts[key] = count + 1;
                _ofAll++;
                return true;
            }

            _counts[key] = Math.Max(count, 0) + 1;
            return false;
        }
    }

    private List<KeyValuePair<Key, int>> TakeOver(bool all)
    {
        var over = Minute();
        lock (_lock)
        {
            var taken = _counts.Where(pair => all || pair.Key.Minute < over).ToList();
            _counts = _counts.Where(pair => !all && pair.Key.Minute >= over).ToDictionary();
            return [.. taken.Where(pair => pair.Value > 0).OrderBy(pair => pair.Key.Minute)];
        }
    }

    private sealed record Key(string Tenant, string UserId, ActOrigin Origin, string Action, string Code, DateTimeOffset Minute);
}
