using AgentGate.Approvals;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Approvals;

/// <summary>A store of approvals that fails: nothing is done, and the caller is told so.</summary>
public sealed class LostApprovalStoreTests
{
    private readonly LosableStore _store = new();
    private readonly ApprovalFixture _approvals;

    public LostApprovalStoreTests() => _approvals = new ApprovalFixture(_store);

    [Fact]
    public async Task A_call_that_cannot_be_put_before_people_is_not_done()
    {
        _store.IsLost = true;
        AssertNotKept(await _approvals.Gate.Build().RunAsync(ApprovalFixture.Call(), _approvals.Effect(), default));
    }

    [Fact]
    public async Task An_approval_that_cannot_be_taken_lets_nothing_go_on_and_is_there_afterwards()
    {
        var approval = await _approvals.HoldAsync();
        await _approvals.DecideAsync(approval);
        _store.IsLost = true;
        AssertNotKept(await _approvals.ResumeAsync(approval));

        _store.IsLost = false;
        Assert.IsType<GateResult.Completed>(await _approvals.ResumeAsync(approval));
    }

    [Fact]
    public async Task Who_waits_while_the_store_is_lost_is_not_let_go_on()
    {
        _store.LostAfterAdd = true;
        AssertNotKept(await _approvals.Gate.Build().RunAsync(ApprovalFixture.Call() with { HoldWait = TimeSpan.FromMinutes(1) }, _approvals.Effect(), default));
    }

    [Fact]
    public async Task A_decision_that_cannot_be_stored_is_none()
    {
        var approval = await _approvals.HoldAsync();
        _store.IsLost = true;
        await Assert.ThrowsAsync<IOException>(() => _approvals.DecideAsync(approval));

        _store.IsLost = false;
        Assert.Empty((await _store.FindAsync("t1", approval, default))!.Votes);
    }

    private void AssertNotKept(GateResult result)
    {
        var denied = Assert.IsType<GateResult.Denied>(result);
        Assert.Equal((Codes.ApprovalNotKept, DenialKind.Unavailable), (denied.Denial.Code, denied.Denial.Kind));
        Assert.DoesNotContain("effect", _approvals.Gate.Events);
    }

    /// <summary>A store that answers, or is lost.</summary>
    private sealed class LosableStore : IApprovalStore
    {
        private readonly InMemoryApprovalStore _inner = new();

        public bool IsLost { get; set; }

        public bool LostAfterAdd { get; set; }

        private InMemoryApprovalStore Inner => IsLost ? throw new IOException("gone") : _inner;

        public async Task<bool> AddAsync(Approval approval, CancellationToken cancellationToken)
        {
            var added = await Inner.AddAsync(approval, cancellationToken);
            IsLost = LostAfterAdd;
            return added;
        }

        public Task<Approval?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => Inner.FindAsync(tenant, id, cancellationToken);

        public Task<Approval?> FindLiveAsync(string tenant, string callDigest, CancellationToken cancellationToken) => Inner.FindLiveAsync(tenant, callDigest, cancellationToken);

        public Task<bool> UpdateAsync(Approval approval, CancellationToken cancellationToken) => Inner.UpdateAsync(approval, cancellationToken);

        public Task<ApprovalPage> ListAsync(string tenant, ApprovalQuery query, CancellationToken cancellationToken) => Inner.ListAsync(tenant, query, cancellationToken);

        public Task<IReadOnlyList<Approval>> DueAsync(DateTimeOffset now, int most, CancellationToken cancellationToken) => Inner.DueAsync(now, most, cancellationToken);

        public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => Inner.PurgeAsync(before, cancellationToken);
    }
}
