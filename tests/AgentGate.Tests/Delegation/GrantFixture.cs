using AgentGate.Delegation;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Tests.Delegation;

/// <summary>Grants as an operator administers them, over a gate and a store made by hand.</summary>
internal sealed class GrantFixture : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly CountingIds _ids = new();

    public GrantFixture()
    {
        Gate.Time.SetUtcNow(Now);
        Store = new FailingGrantStore();
        Grants = new GrantAdministration(Store, Registry, Gate.Build(), _ids, Gate.Time, Keys, Screen);
    }

    public GateFixture Gate { get; } = new();

    public FailingGrantStore Store { get; }

    public GrantRegistry Registry { get; } = new();

    public FixedKeys Keys { get; } = new();

    public RefusingScreen Screen { get; } = new();

    public GrantAdministration Grants { get; private set; }

    public static Principal Operator { get; } = new() { Id = "agent_op", Tenant = "t", Scopes = [Scopes.DelegationWrite] };

    public static CallContext Context { get; } = new() { At = Now };

    public static GrantDraft Draft(string to, string? from = null, string? parent = null) => new()
    {
        Principal = from,
        Delegate = to,
        Actions = ["callTool"],
        ResourceScope = ["Tool:crm/*"],
        ParentId = parent,
        ExpiresAt = Now.AddHours(1),
    };

    /// <summary>Guards added before are in the gate from here on.</summary>
    public GrantFixture Rebuilt()
    {
        Grants = new GrantAdministration(Store, Registry, Gate.Build(), _ids, Gate.Time, Keys, Screen);
        return this;
    }

    public Task<GrantReply<SignedGrant>> AskAsync(GrantDraft draft) => Grants.IssueAsync(Operator, Context, draft, CancellationToken.None);

    public async Task<Grant> IssueAsync(GrantDraft draft) => Assert.IsType<GrantReply<SignedGrant>.Done>(await AskAsync(draft)).Value.Grant;

    public async Task<GrantRefusal> RefusedAsync(GrantDraft draft) => Assert.IsType<GrantReply<SignedGrant>.Refused>(await AskAsync(draft)).Refusal;

    public Task<GrantReply<RevokedGrant>> RevokeAsync(string id, string reason = "left")
        => Grants.RevokeAsync(Operator, Context, id, reason, CancellationToken.None);

    public StoredGrants Loader(GrantRegistry into, ISigningKeys? keys = null)
        => new(Store, into, Gate.Time, NullLogger<StoredGrants>.Instance, new GrantMetrics(), keys ?? Keys);

    public void Dispose() => Keys.Dispose();

    private sealed class CountingIds : IIdSource
    {
        private int _count;

        public string NewId() => $"id-{++_count}";

        public void Fill(Span<byte> destination) => destination.Fill((byte)++_count);
    }
}

/// <summary>One key that signs.</summary>
internal sealed class FixedKeys(byte seed = 1) : ISigningKeys, IDisposable
{
    public SigningKey Current { get; } = SigningKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat(seed, 32)]);

    public IReadOnlyList<VerificationKey> All => [Current.PublicKey];

    public string Name => "test";

    public VerificationKey? Find(string keyId) => keyId == Current.Id ? Current.PublicKey : null;

    public void Dispose() => Current.Dispose();
}

/// <summary>Takes every name but one.</summary>
internal sealed class RefusingScreen : INameScreen
{
    public string Refused { get; set; } = "someone@example.com";

    public bool MayGoOnRecord(string name) => name != Refused;
}

/// <summary>A store in memory that fails on demand.</summary>
internal sealed class FailingGrantStore : IGrantStore
{
    private readonly InMemoryGrantStore _inner = new();

    public Exception? Failure { get; set; }

    public int Writes { get; private set; }

    public Task AddAsync(StoredGrant grant, CancellationToken cancellationToken) => Write(() => _inner.AddAsync(grant, cancellationToken));

    public Task<bool> RevokeAsync(StoredRevocation revocation, CancellationToken cancellationToken) => Write(() => _inner.RevokeAsync(revocation, cancellationToken));

    /// <summary>Happens after the grants were read and before they are returned.</summary>
    public Func<Task>? DuringRead { get; set; }

    public async Task<IReadOnlyList<StoredGrant>> ReadGrantsAsync(CancellationToken cancellationToken)
    {
        var grants = await _inner.ReadGrantsAsync(cancellationToken);
        await (DuringRead?.Invoke() ?? Task.CompletedTask);
        return grants;
    }

    public Task<IReadOnlyList<StoredRevocation>> ReadRevocationsAsync(CancellationToken cancellationToken) => _inner.ReadRevocationsAsync(cancellationToken);

    public Task ForgetAsync(string tenant, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
        => Write(() => _inner.ForgetAsync(tenant, expiredBefore, cancellationToken));

    private T Write<T>(Func<T> act)
    {
        Writes++;
        return Failure is null ? act() : throw Failure;
    }
}
