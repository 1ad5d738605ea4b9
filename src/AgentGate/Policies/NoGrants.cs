using System.Diagnostics.CodeAnalysis;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Policies;

/// <summary>No grants: what is in force where delegation is not installed.</summary>
internal sealed class NoGrants : IGrantFacts
{
    /// <summary>SHA-256 of nothing: the root of an empty tree (RFC 9162 §2.1.1).</summary>
    private const string EmptyRoot = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private NoGrants()
    {
    }

    public static NoGrants Instance { get; } = new();

    public string GrantsRoot => EmptyRoot;

    public long GrantsSize => 0;

    public string RevocationsRoot => EmptyRoot;

    public long RevocationsSize => 0;

    public bool TryGetGrant(string id, [NotNullWhen(true)] out Grant? grant)
    {
        grant = null;
        return false;
    }

    public bool IsRevoked(string id) => false;
}
