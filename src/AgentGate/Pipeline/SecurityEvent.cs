namespace AgentGate.Pipeline;

/// <summary>Something that may be part of an attack. Personal: counted by keyed digests, kept encrypted, never in the log.</summary>
internal abstract record SecurityEvent
{
    private SecurityEvent()
    {
    }

    /// <summary>The network address it came from, trusted proxies taken off.</summary>
    public required string Address { get; init; }

    /// <summary>What the program at the other end calls itself.</summary>
    public string UserAgent { get; init; } = string.Empty;

    /// <summary>
    /// A sign-in failed: by password, code, passkey, token or key, for a known account or an unknown one. It is told for both alike, so that the
    /// work for both is the same.
    /// </summary>
    public sealed record SignInFailed : SecurityEvent
    {
        /// <summary>Which account was tried: its e-mail in the form in which accounts are compared; empty where none was named.</summary>
        public required string Account { get; init; }

        /// <summary>Whether it was refused without being looked at, because a limit was reached: of those one counts per address and second.</summary>
        public bool IsLimited { get; init; }
    }

    /// <summary>A sign-in succeeded, its second factor included.</summary>
    public sealed record SignInSucceeded : SecurityEvent
    {
        /// <summary>Which account, in the same form as in <see cref="SignInFailed"/>.</summary>
        public required string Account { get; init; }

        /// <summary>The tenant of the user.</summary>
        public required string Tenant { get; init; }

        /// <summary>The id of the user.</summary>
        public required string UserId { get; init; }
    }

    /// <summary>Somebody tried to give or raise a role beyond what it may, or to do what only administrators do. It was refused.</summary>
    public sealed record EscalationRefused : SecurityEvent
    {
        /// <summary>The tenant of who tried.</summary>
        public required string Tenant { get; init; }

        /// <summary>The id of who tried: a user or a principal of a key.</summary>
        public required string ActorId { get; init; }

        /// <summary>What was tried, a constant such as <c>user.role-changed</c>.</summary>
        public required string Action { get; init; }
    }

    /// <summary>A caller asks one endpoint more often in a minute than callers do.</summary>
    public sealed record RequestsPiledUp : SecurityEvent
    {
        /// <summary>Who: a pseudonymous id, or empty where nobody is known.</summary>
        public required string CallerId { get; init; }

        /// <summary>The pattern of the route.</summary>
        public required string Endpoint { get; init; }
    }

    /// <summary>A request or an answer carried more than payloads do.</summary>
    public sealed record PayloadLarge : SecurityEvent
    {
        /// <summary>Who: a pseudonymous id, or empty where nobody is known.</summary>
        public required string CallerId { get; init; }

        /// <summary>The pattern of the route.</summary>
        public required string Endpoint { get; init; }

        /// <summary>How many bytes.</summary>
        public required long Bytes { get; init; }
    }
}
