using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>Chains of grants for a call: valid ones, and ones with each fault there is.</summary>
internal sealed class GrantWorld
{
    /// <summary>The faults a chain can have.</summary>
    public static readonly ImmutableArray<string> Faults =
    [
        ChainReasons.GrantMissing, ChainReasons.ParentMissing, ChainReasons.Depth, ChainReasons.CrossTenant, ChainReasons.DelegateMismatch, ChainReasons.Revoked,
        ChainReasons.ParentRevoked, ChainReasons.NotYetValid, ChainReasons.Expired, ChainReasons.ParentExpired, ChainReasons.ActionAttenuation,
        ChainReasons.ScopeAttenuation, ChainReasons.ObligationAttenuation, ChainReasons.ConstraintAttenuation, ChainReasons.ExpiryAttenuation,
        ChainReasons.ActionNotGranted, ChainReasons.ScopeNotGranted, ChainReasons.ConstraintFailed,
    ];

    private readonly Random _random;
    private readonly World _world;
    private readonly AgreementKeys _keys;

    public GrantWorld(Random random, World world, AgreementKeys keys, string? fault)
    {
        (_random, _world, _keys) = (random, world, keys);
        var depth = fault switch
        {
            null => 1 + random.Next(GrantChain.MaxDepth),
            ChainReasons.Depth => GrantChain.MaxDepth + 1,
            _ => 2 + random.Next(5),
        };
        var chain = Chain(depth, fault);
        Leaf = chain[0].Id;
        Facts = Snapshot(chain, fault);
    }

    /// <summary>The grant the caller acts under.</summary>
    public string Leaf { get; }

    /// <summary>The grants and revocations, with many that have nothing to do with it.</summary>
    public GrantSnapshot Facts { get; }

    private string NewId() => $"g_{World.Hex(_random, 16)}";

    /// <summary>Leaf first.</summary>
    private Grant[] Chain(int depth, string? fault)
    {
        var names = new[] { _world.Principal }.Concat(Enumerable.Range(0, depth).Select(_ => $"p_{World.Hex(_random, 6)}")).ToArray();
        var ids = Enumerable.Range(0, depth).Select(_ => NewId()).ToArray();
        var scopes = Scopes();
        var chain = new Grant[depth];
        for (var i = depth - 1; i >= 0; i--)
        {
            var parent = i + 1 < depth ? chain[i + 1] : null;
            chain[i] = new Grant
            {
                Id = ids[i],
                Tenant = AgreementKeys.Tenant,
                Principal = names[i + 1],
                Delegate = names[i],
                Actions = parent is null ? (_random.Next(2) == 0 ? ["*"] : Sorted(GateActions.All)) : _random.Next(2) == 0 ? parent.Actions : Sorted([_world.Action, "read", "write", "delete"], parent.Actions),
                ResourceScope = parent is null ? ["*"] : Narrower(parent.ResourceScope, scopes),
                Obligations = parent?.Obligations ?? [],
                Constraints = Constraints(parent),
                ParentId = parent?.Id,
                IssuedAt = (parent?.IssuedAt ?? _world.At.AddDays(-30)).AddMinutes(_random.Next(60)),
                ExpiresAt = (parent?.ExpiresAt ?? _world.At.AddDays(30)).AddMinutes(-_random.Next(60)),
            };
        }

        return fault is null ? chain : Spoil(chain, fault);
    }

    private Grant[] Spoil(Grant[] chain, string fault)
    {
        var link = _random.Next(chain.Length);
        var child = _random.Next(chain.Length - 1);
        switch (fault)
        {
            case ChainReasons.CrossTenant:
                chain[link] = chain[link] with { Tenant = "other" };
                break;
            case ChainReasons.DelegateMismatch:
                chain[link] = chain[link] with { Delegate = "p_somebody" };
                break;
            case ChainReasons.NotYetValid:
                chain[0] = chain[0] with { IssuedAt = _world.At.AddMilliseconds(1) };
                break;
            case ChainReasons.Expired:
                chain[0] = chain[0] with { ExpiresAt = _world.At };
                break;
            case ChainReasons.ParentExpired:
                chain[child + 1] = chain[child + 1] with { ExpiresAt = _world.At.AddMilliseconds(-1) };
                break;
            case ChainReasons.ActionAttenuation:
                chain[child + 1] = chain[child + 1] with { Actions = [_world.Action] };
                chain[child] = chain[child] with { Actions = _random.Next(2) == 0 ? ["*"] : Sorted([_world.Action, "zebra"]) };
                break;
            case ChainReasons.ScopeAttenuation:
                chain[child + 1] = chain[child + 1] with { ResourceScope = [Exact()] };
                chain[child] = chain[child] with { ResourceScope = Sorted([Exact(), "Path:/prod/*"]) };
                break;
            case ChainReasons.ObligationAttenuation:
                chain[child + 1] = chain[child + 1] with { Obligations = ["mfa_required"] };
                chain[child] = chain[child] with { Obligations = ["approval_required"] };
                break;
            case ChainReasons.ConstraintAttenuation:
                chain[child + 1] = chain[child + 1] with { Constraints = new GrantConstraints { Doors = Sorted(["mcp", _world.Door, "sdk.chat"]), SourceNetworks = ["10.0.0.0/8", "::/0"], ByModel = false } };
                chain[child] = chain[child] with
                {
                    Constraints = _random.Next(3) switch
                    {
                        0 => GrantConstraints.None,
                        1 => new GrantConstraints { Doors = [_world.Door], SourceNetworks = ["0.0.0.0/0"], ByModel = false },
                        _ => new GrantConstraints { Doors = [_world.Door], SourceNetworks = ["10.2.0.0/16"] },
                    },
                };
                break;
            case ChainReasons.ExpiryAttenuation:
                chain[child] = _random.Next(2) == 0 ? chain[child] with { ExpiresAt = chain[child + 1].ExpiresAt.AddMilliseconds(1) } : chain[child] with { IssuedAt = chain[child + 1].IssuedAt.AddMilliseconds(-1) };
                break;
            case ChainReasons.ActionNotGranted:
                for (var i = 0; i <= child; i++)
                {
                    chain[i] = chain[i] with { Actions = ["neverAsked"] };
                }

                chain[child + 1] = chain[child + 1] with { Actions = chain[child + 1].Actions is ["*"] ? ["*"] : Sorted([.. chain[child + 1].Actions, "neverAsked"]) };
                break;
            case ChainReasons.ScopeNotGranted:
                chain[0] = chain[0] with { ResourceScope = ["Host:example.org"] };
                break;
            case ChainReasons.ConstraintFailed:
                chain[0] = chain[0] with { Constraints = new GrantConstraints { Doors = ["nowhere"], SourceNetworks = ["203.0.113.0/24"] } };
                break;
        }

        return chain;
    }

    private GrantSnapshot Snapshot(Grant[] chain, string? fault)
    {
        var grants = chain.ToList();
        if (fault == ChainReasons.GrantMissing)
        {
            grants.RemoveAt(0);
        }
        else if (fault == ChainReasons.ParentMissing)
        {
            grants.RemoveAt(1 + _random.Next(chain.Length - 1));
        }

        for (var i = _random.Next(12); i > 0; i--)
        {
            grants.Add(chain[^1] with { Id = NewId(), ParentId = null, Delegate = "p_elsewhere" });
        }

        var revocations = Enumerable.Range(0, _random.Next(5)).Select(_ => new GrantRevocation(NewId(), _world.At.AddHours(-1), "no longer needed")).ToList();
        if (fault is ChainReasons.Revoked or ChainReasons.ParentRevoked)
        {
            revocations.Add(new GrantRevocation(chain[fault == ChainReasons.Revoked ? 0 : 1 + _random.Next(chain.Length - 1)].Id, _world.At.AddHours(-1), "left the team"));
        }

        var key = _keys.Grants[_random.Next(_keys.Grants.Count)];
        return GrantSnapshot.Create([.. grants.Select(grant => SignedGrant.Sign(grant, key))], revocations);
    }

    private GrantConstraints Constraints(Grant? parent)
    {
        if (parent is null)
        {
            return _random.Next(3) == 0 && _world.Source?.StartsWith("10.", StringComparison.Ordinal) == true
                ? new GrantConstraints { Doors = Sorted([_world.Door, "elsewhere"]), SourceNetworks = ["10.0.0.0/8", "::1"] }
                : GrantConstraints.None;
        }

        return parent.Constraints with
        {
            Doors = parent.Constraints.Doors is null && _random.Next(4) != 0 ? null : [_world.Door],
            SourceNetworks = parent.Constraints.SourceNetworks is null || _random.Next(2) == 0 ? parent.Constraints.SourceNetworks : [$"{_world.Source}/32"],
            ByModel = parent.Constraints.ByModel ?? (!_world.ByModel && _random.Next(3) == 0 ? false : null),
        };
    }

    private string Type => _world.Resource.Type[(_world.Resource.Type.LastIndexOf(':') + 1)..];

    /// <summary>The scope of the call's resource alone, if its id can stand in one.</summary>
    private string Exact() => _world.Resource.Id.Any(char.IsControl) || _world.Resource.Id.Contains('*', StringComparison.Ordinal) ? $"{Type}:*" : $"{Type}:{_world.Resource.Id}";

    /// <summary>Scopes that cover the call's resource, each narrower than the one before.</summary>
    private List<string> Scopes()
    {
        var scopes = new List<string> { "*", $"{Type}:*" };
        var slash = _world.Resource.Id.LastIndexOf('/');
        if (slash > 0 && !_world.Resource.Id.Any(char.IsControl))
        {
            scopes.Add($"{Type}:{_world.Resource.Id[..slash]}/*");
        }

        scopes.Add(Exact());
        return scopes;
    }

    private ImmutableArray<string> Narrower(ImmutableArray<string> parent, List<string> scopes)
    {
        var from = parent.Max(scopes.IndexOf);
        var own = scopes[Math.Min(scopes.Count - 1, Math.Max(from, 0) + _random.Next(2))];
        return parent.Contains("*") && own == "*" ? ["*"] : parent.Contains("*") && _random.Next(2) == 0 ? Sorted([own, "Path:/data/*"]) : [own];
    }

    private static ImmutableArray<string> Sorted(IEnumerable<string> words, ImmutableArray<string> among = default)
        => [.. words.Where(word => among.IsDefault || among is ["*"] || among.Contains(word)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
