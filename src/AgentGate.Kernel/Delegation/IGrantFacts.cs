using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Kernel.Delegation;

/// <summary>The grants and revocations of one tenant at one moment. Immutable and thread-safe; a change makes another one.</summary>
public interface IGrantFacts
{
    /// <summary>The root of the fact tree of all grants (revoked ones too), lower-case hex.</summary>
    string GrantsRoot { get; }

    /// <summary>How many grants there are.</summary>
    long GrantsSize { get; }

    /// <summary>The root of the fact tree of revocations, lower-case hex.</summary>
    string RevocationsRoot { get; }

    /// <summary>How many revocations there are.</summary>
    long RevocationsSize { get; }

    /// <summary>Finds a grant whose signature was verified.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="grant">The grant.</param>
    bool TryGetGrant(string id, [NotNullWhen(true)] out Grant? grant);

    /// <summary>Whether a grant was revoked.</summary>
    /// <param name="id">Its id.</param>
    bool IsRevoked(string id);
}
