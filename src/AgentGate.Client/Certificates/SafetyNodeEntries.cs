using System.Text.Json.Serialization;

namespace AgentGate.Client.Certificates;

/// <summary>What registers a safety node.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SafetyNodeRequest
{
    /// <summary>The node's id, as <c>agentgate node run --node-id</c> was told.</summary>
    public string? NodeId { get; init; }

    /// <summary>Where it listens: <c>https</c>, or <c>http</c> on the same machine.</summary>
    public string? Url { get; init; }

    /// <summary>Its public key as it printed it: a JSON Web Key as text, or the 43 characters of an Ed25519 key's <c>x</c>.</summary>
    public string? PublicKey { get; init; }
}

/// <summary>A safety node.</summary>
public sealed record SafetyNodeEntry
{
    /// <summary>Its id.</summary>
    public required string NodeId { get; init; }

    /// <summary>Where it listens.</summary>
    public required string Url { get; init; }

    /// <summary>The id of its key.</summary>
    public required string KeyId { get; init; }

    /// <summary><c>Ed25519</c> or <c>ES256</c>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>Whether it stands in the server's configuration and not in its store.</summary>
    public bool Configured { get; init; }

    /// <summary>When it was registered (UTC).</summary>
    public DateTimeOffset? RegisteredAt { get; init; }

    /// <summary>Who registered it, a pseudonymous id.</summary>
    public string? RegisteredBy { get; init; }
}

/// <summary>The safety nodes of a tenant.</summary>
/// <param name="Votes">How many yes votes it takes; 0 where none are asked for.</param>
/// <param name="Nodes">The nodes, by id.</param>
public sealed record SafetyNodeList(int Votes, IReadOnlyList<SafetyNodeEntry> Nodes);
