using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Guardrails;

/// <summary>
/// One rule, or one state machine, made ready. Judges and changes a track and never stores one: the store holds the lock around it.
/// Immutable.
/// </summary>
internal abstract class GuardrailUnit(GuardrailSet set, string name, GuardrailScope scope, bool countsFailed)
{
    /// <summary>The most calls a track remembers. Beyond, the next call waits for the oldest to leave.</summary>
    public const int EventsMax = 4_096;

    private const int PlainMax = 128;

    /// <summary>The set.</summary>
    public GuardrailSet Set { get; } = set;

    public string Name { get; } = name;

    public GuardrailScope Scope { get; } = scope;

    /// <summary>Whether a failed call keeps its place.</summary>
    public bool CountsFailed { get; } = countsFailed;

    /// <summary>How the store calls the set.</summary>
    public string StoredSet { get; } = set.Mode == GuardrailMode.Shadow ? "shadow:" + set.Id : set.Id;

    /// <summary>Whether it remembers anything; what looks at the clock alone does not.</summary>
    public abstract bool Remembers { get; }

    /// <summary>Whether it concerns a caller at all.</summary>
    public bool Concerns(Principal principal)
        => Wildcard.IsMatch(Set.Tenant, principal.Tenant, ignoreCase: true) && Wildcard.IsMatch(Set.Principal, principal.Id, ignoreCase: true);

    /// <summary>What of a call it concerns, in the order of the call; empty where nothing.</summary>
    public abstract IReadOnlyList<string> ActionsOf(GateCall call);

    /// <summary>Why the call does not fit now; <see langword="null"/> where it does, or where it is counted already.</summary>
    public abstract Violation? Judge(GuardrailTrack track, IReadOnlyList<string> actions, string call, DateTimeOffset now);

    /// <summary>Counts the call, which was found to fit. A call that is counted already is not counted again.</summary>
    public abstract void Take(GuardrailTrack track, IReadOnlyList<string> actions, string call, DateTimeOffset now);

    /// <summary>Takes a call back that did not happen.</summary>
    public abstract void GiveBack(GuardrailTrack track, string call);

    /// <summary>The first moment, not before <paramref name="from"/>, when the call fits if nothing else happens; <see langword="null"/> where waiting does not help.</summary>
    public abstract DateTimeOffset? FreeAt(GuardrailTrack track, IReadOnlyList<string> actions, DateTimeOffset from);

    /// <summary>The track a call belongs to.</summary>
    public TrackKey KeyOf(GateCall call) => new(TenantOf(call.Principal.Tenant), StoredSet, Name, ScopeText(call.Principal.Id, call.Principal.UserId, call.Context.SessionName));

    /// <summary>Whose row it is.</summary>
    public string TenantOf(string tenant) => Scope == GuardrailScope.Global ? TrackKey.AllTenants : tenant;

    /// <summary>Whose calls, as the store names it. What callers chose is a digest: it can be anything, and of any length.</summary>
    public string ScopeText(string principal, string? user, string? session) => Scope switch
    {
        GuardrailScope.Global => "all",
        GuardrailScope.Tenant => "tenant",
        GuardrailScope.User => user is null ? "agent:" + Plain(principal) : "user:" + Plain(user),
        GuardrailScope.Session when session is not null => $"agent:{Plain(principal)}/session:{Digest(session)}",
        _ => "agent:" + Plain(principal),
    };

    /// <summary>The name of a session as tracks hold it.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>A clock that goes back is not followed.</summary>
    protected static long At(GuardrailTrack track, DateTimeOffset now) => Math.Max(track.LastAt, now.ToUnixTimeMilliseconds());

    protected static bool Holds(GuardrailTrack track, string call) => track.Events.Exists(one => one.Call == call);

    protected static bool Fits(string pattern, string action) => Wildcard.IsMatch(pattern, action, ignoreCase: true);

    protected static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    protected static void Append(GuardrailTrack track, string call, string action, long at)
    {
        track.Events.Add(new TrackEvent(call, action, at));
        track.LastAt = at;
        track.IsChanged = true;
    }

    private static string Plain(string id) => id.Length <= PlainMax ? id : "#" + Digest(id);
}
