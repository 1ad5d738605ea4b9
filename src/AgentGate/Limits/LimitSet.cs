using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Limits;

/// <summary>The rules in force, and which counts a call belongs to.</summary>
internal sealed class LimitSet
{
    public LimitSet(IOptions<LimitsOptions> options)
    {
        var rules = options.Value.Rules;
        var servers = options.Value.Servers;
        All = [.. rules.Select((rule, index) => new Limit(rule, index, rule.Calls) { Centre = rule.Calls - (servers * Share(rule, servers)) })];
        Servers = servers;
        Sharing = SharingOf(rules, servers);
        Shares = [.. rules.Select((rule, index) => new Limit(rule, index, Share(rule, servers)))];
    }

    /// <summary>
    /// What one server may grant by itself, at any time and whatever the shared store does. Half of the limit is spread over the
    /// servers this way, and each has one call at least; the store grants what is left, so that no sum passes the limit.
    /// </summary>
    private static int Share(LimitRule rule, int servers)
        => rule.OnStoreLoss == StoreLoss.LocalShare ? Math.Max(1, (int)(rule.Calls / (2L * servers))) : 0;

    /// <summary>The rules, by their index.</summary>
    public ImmutableArray<Limit> All { get; }

    /// <summary>The same rules with the share of one server; none where a rule has no shares.</summary>
    public ImmutableArray<Limit> Shares { get; }

    /// <summary>Over how many servers the shares are spread.</summary>
    public int Servers { get; }

    /// <summary>
    /// A digest of all that the shares rest on, empty where no rule has any. Servers that differ in it spread other parts, whose sum
    /// can pass a limit.
    /// </summary>
    public string Sharing { get; }

    /// <summary>The counts a call belongs to, in the order of the rules, none twice.</summary>
    public LimitClaim[] Claims(GateCall call)
    {
        if (All.IsEmpty)
        {
            return [];
        }

        var most = All.Length * (1 + call.AlsoRequires.Length);
        var claims = ArrayPool<LimitClaim>.Shared.Rent(most);
        try
        {
            return claims.AsSpan(0, Claims(call, claims)).ToArray();
        }
        finally
        {
            claims.AsSpan(0, most).Clear();
            ArrayPool<LimitClaim>.Shared.Return(claims);
        }
    }

    private static string SharingOf(IEnumerable<LimitRule> rules, int servers)
    {
        // Names hold no separator (LimitsOptionsValidator).
        string[] lines = [.. rules.Where(rule => rule.OnStoreLoss == StoreLoss.LocalShare)
            .Select(rule => string.Create(CultureInfo.InvariantCulture, $"{rule.Name}:{rule.Calls}:{rule.Window.Ticks}:{(int)rule.Per}"))
            .Order(StringComparer.Ordinal)];
        return lines.Length == 0
            ? ""
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{servers}\n{string.Join('\n', lines)}"))));
    }

    private int Claims(GateCall call, Span<LimitClaim> claims)
    {
        var count = 0;
        var upstream = call.Resource.Type == EntityRef.ModelType && !call.Targets.IsDefaultOrEmpty ? call.Targets[0].Name : null;
        foreach (var limit in All)
        {
            if (!limit.Concerns(call.Principal))
            {
                continue;
            }

            var first = count;
            if (limit.TryKey(call.Principal, call.Action, call.Resource, upstream, out var key))
            {
                claims[count++] = new LimitClaim(limit, key);
            }

            if (!call.AlsoRequires.IsEmpty)
            {
                count = AddAlso(limit, call, claims, first, count);
            }
        }

        return count;
    }

    /// <summary>
    /// What the provider does by itself is counted with the call that asks for it, since no call of its own follows. A tool
    /// the model is forced to call comes back as a call, and is counted then.
    /// </summary>
    private static int AddAlso(Limit limit, GateCall call, Span<LimitClaim> claims, int first, int count)
    {
        HashSet<LimitKey> seen = [];
        for (var i = first; i < count; i++)
        {
            seen.Add(claims[i].Key);
        }

        foreach (var (action, resource) in call.AlsoRequires)
        {
            if (action is GateActions.UseProviderTool or GateActions.FetchContent
                && limit.TryKey(call.Principal, action, resource, null, out var key) && seen.Add(key))
            {
                claims[count++] = new LimitClaim(limit, key);
            }
        }

        return count;
    }
}
