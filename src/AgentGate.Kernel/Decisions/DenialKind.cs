namespace AgentGate.Kernel.Decisions;

/// <summary>Why a call was denied, as far as the caller's next step is concerned. A door maps it to its protocol.</summary>
public enum DenialKind
{
    /// <summary>The request is malformed or an attack. HTTP 400.</summary>
    Invalid,

    /// <summary>No key, or a bad one. HTTP 401.</summary>
    Unauthenticated,

    /// <summary>A policy does not permit it. HTTP 403.</summary>
    Forbidden,

    /// <summary>It does not exist, or belongs to another tenant. HTTP 404.</summary>
    NotFound,

    /// <summary>A limit is reached. HTTP 429.</summary>
    Limited,

    /// <summary>A person must decide first. HTTP 403 in the gateway.</summary>
    Held,

    /// <summary>A guard, store or recorder failed, so the gate is closed. HTTP 503.</summary>
    Unavailable,

    /// <summary>The provider failed. HTTP 502.</summary>
    Upstream,
}
