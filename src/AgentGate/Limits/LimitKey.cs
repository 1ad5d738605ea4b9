using System.Globalization;

namespace AgentGate.Limits;

/// <summary>
/// Names one count of one rule: the values of the parts that the rule counts apart, the others <see langword="null"/>.
/// Parts are kept apart and compared whole, so that no two callers can be joined or spelled into one count.
/// </summary>
internal readonly struct LimitKey : IEquatable<LimitKey>
{
    private readonly string? _tenant;
    private readonly string? _user;
    private readonly string? _principal;
    private readonly string? _key;
    private readonly string? _tool;
    private readonly string? _model;

    /// <summary>The tenant; <see langword="null"/> where a rule counts over all of them.</summary>
    public string? Tenant => _tenant;

    /// <summary>
    /// All parts as one text that no other count has: each with its length in front, absent ones marked, and those compared
    /// without regard to case in one case.
    /// </summary>
    public string ToText()
    {
        // Only the last one may be left out, so that no two counts have one text.
        return string.Concat(Part(_tenant), Part(_principal), Part(_key), Part(_tool?.ToUpperInvariant()) + Part(_model?.ToUpperInvariant()))
            + (_user is null ? string.Empty : Part(_user));

        static string Part(string? value) => value is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{value.Length}:{value}");
    }

    public LimitKey(string? tenant, string? user, string? principal, string? key, string? tool, string? model)
    {
        (_tenant, _user, _principal, _key, _tool, _model) = (tenant, user, principal, key, tool, model);

        // The strings' hashes are seeded per process: nobody can choose names that collide.
        var hash = Mix(0, tenant is null ? 0 : tenant.GetHashCode(StringComparison.Ordinal));
        hash = Mix(hash, user is null ? 0 : user.GetHashCode(StringComparison.Ordinal));
        hash = Mix(hash, principal is null ? 0 : principal.GetHashCode(StringComparison.Ordinal));
        hash = Mix(hash, key is null ? 0 : key.GetHashCode(StringComparison.Ordinal));
        hash = Mix(hash, tool is null ? 0 : tool.GetHashCode(StringComparison.OrdinalIgnoreCase));
        Hash = Mix(hash, model is null ? 0 : model.GetHashCode(StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A well mixed hash: any bits of it may choose a place.</summary>
    public uint Hash { get; }

    public bool Equals(LimitKey other)
        => Hash == other.Hash
            && string.Equals(_key, other._key, StringComparison.Ordinal)
            && string.Equals(_user, other._user, StringComparison.Ordinal)
            && string.Equals(_principal, other._principal, StringComparison.Ordinal)
            && string.Equals(_tenant, other._tenant, StringComparison.Ordinal)
            && string.Equals(_tool, other._tool, StringComparison.OrdinalIgnoreCase)
            && string.Equals(_model, other._model, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is LimitKey other && Equals(other);

    public override int GetHashCode() => (int)Hash;

    private static uint Mix(uint hash, int part)
    {
        // The multiplication spreads low bits up, the shift brings them down again.
        hash = (hash ^ (uint)part) * 0x9E3779B1;
        return hash ^ (hash >> 15);
    }
}
