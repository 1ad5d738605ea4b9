using AgentGate.Delegation;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Delegation;

public sealed class GrantAdministrationTests : IDisposable
{
    private readonly GrantFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    /// <summary>Theory data is public and drafts are not.</summary>
    private static object Change(Func<GrantDraft, GrantDraft> change) => change;

    [Fact]
    public async Task A_grant_is_signed_stored_and_in_force_with_the_answer()
    {
        var issued = Assert.IsType<GrantReply<SignedGrant>.Done>(await _fixture.AskAsync(GrantFixture.Draft("worker"))).Value;

        Assert.True(issued.IsSignedBy(_fixture.Keys.Current.PublicKey));
        Assert.Equal(("t", "agent_op", "worker"), (issued.Grant.Tenant, issued.Grant.Principal, issued.Grant.Delegate));
        Assert.True(_fixture.Registry.Current("t").TryGetGrant(issued.Grant.Id, out _));
        Assert.Empty(_fixture.Registry.Current("other").Grants);
        Assert.Equal(issued.Canonical.ToArray(), Assert.Single(await _fixture.Store.ReadGrantsAsync(default)).Signed.ToArray());
    }

    [Fact]
    public async Task Issuing_is_a_gated_call_that_the_log_names()
    {
        GateCall? asked = null;
        _fixture.Gate.Guard("look", 300, (context, _) =>
        {
            asked = context.Call;
            return ValueTask.FromResult<Verdict>(Verdict.Allowed);
        });

        var grant = await _fixture.Rebuilt().IssueAsync(GrantFixture.Draft("worker", from: "boss"));

        Assert.Equal((GateActions.IssueGrant, new EntityRef(EntityRef.GrantType, "boss"), "api.delegation"), (asked!.Action, asked.Resource, asked.Door));
        Assert.Equal(grant.Id, Assert.Single(asked.Targets).Name);
        Assert.Equal(0, asked.Content.Segments.Length);
        Assert.Contains(_fixture.Gate.Recorder.Entries, entry => entry.Entry is { Kind: EntryKind.Intent, Action: GateActions.IssueGrant });
    }

    [Fact]
    public async Task What_the_gate_denies_is_neither_stored_nor_in_force()
    {
        _fixture.Gate.Guard("no", 300, new Verdict.Deny(Codes.Forbidden, "no", DenialKind.Forbidden));

        var refusal = await _fixture.Rebuilt().RefusedAsync(GrantFixture.Draft("worker"));

        Assert.Equal((GrantRefusalKind.Denied, Codes.Forbidden), (refusal.Kind, refusal.Code));
        Assert.Equal(0, _fixture.Store.Writes);
        Assert.Empty(_fixture.Registry.Current("t").Grants);
    }

    [Fact]
    public async Task What_the_store_does_not_take_is_not_in_force()
    {
        var grant = await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        _fixture.Store.Failure = new IOException("disk");

        Assert.Equal(GrantRefusalKind.Denied, (await _fixture.RefusedAsync(GrantFixture.Draft("other"))).Kind);
        Assert.IsType<GrantReply<RevokedGrant>.Refused>(await _fixture.RevokeAsync(grant.Id));
        Assert.Equal(grant.Id, Assert.Single(_fixture.Registry.Current("t").Grants).Grant.Id);
        Assert.False(_fixture.Registry.Current("t").IsRevoked(grant.Id));
    }

    [Fact]
    public async Task Without_a_key_nothing_is_issued()
    {
        var grants = new GrantAdministration(_fixture.Store, _fixture.Registry, _fixture.Gate.Build(), new SystemIdSource(_fixture.Gate.Time), _fixture.Gate.Time);

        var reply = await grants.IssueAsync(GrantFixture.Operator, GrantFixture.Context, GrantFixture.Draft("worker"), default);

        Assert.Equal(Codes.GrantUnsigned, Assert.IsType<GrantReply<SignedGrant>.Refused>(reply).Refusal.Code);
        Assert.Equal(0, _fixture.Store.Writes);
    }

    public static TheoryData<string, object> Faults => new()
    {
        { "expires_at", Change(draft => draft with { ExpiresAt = GrantFixture.Now }) },
        { "expires_at", Change(draft => draft with { ExpiresAt = GrantFixture.Now.AddDays(367) }) },
        { "allowed_actions", Change(draft => draft with { Actions = [] }) },
        { "allowed_actions", Change(draft => draft with { Actions = ["fly"] }) },
        { "allowed_actions", Change(draft => draft with { Actions = ["*", "callTool"] }) },
        { "resource_scope", Change(draft => draft with { ResourceScope = ["crm/*"] }) },
        { "resource_scope", Change(draft => draft with { ResourceScope = ["Path:/a/../b"] }) },
        { "resource_scope", Change(draft => draft with { ResourceScope = ["Tool:cafe\u0301"] }) },
        { "delegate", Change(draft => draft with { Delegate = "" }) },
        { "delegate", Change(draft => draft with { Delegate = "agent_op" }) },
        { "delegate", Change(draft => draft with { Delegate = "someone@example.com" }) },
        { "principal", Change(draft => draft with { Principal = "someone@example.com" }) },
        { "obligations", Change(draft => draft with { Obligations = ["prayer"] }) },
        { "context_constraints.doors", Change(draft => draft with { Constraints = new GrantConstraints { Doors = [] } }) },
        { "context_constraints.source_networks", Change(draft => draft with { Constraints = new GrantConstraints { SourceNetworks = ["10.0.0.0/33"] } }) },
        { "context_constraints.by_model", Change(draft => draft with { Constraints = new GrantConstraints { ByModel = true } }) },
        { "parent_grant_id", Change(draft => draft with { ParentId = "root" }) },
        { "parent_grant_id", Change(draft => draft with { ParentId = "g_00000000000000000000000000000000" }) },
        { "tenant_id", Change(draft => draft with { Tenant = "other" }) },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task A_draft_is_refused_by_its_field_before_the_gate_is_asked(string field, object change)
    {
        var refusal = await _fixture.RefusedAsync(((Func<GrantDraft, GrantDraft>)change)(GrantFixture.Draft("worker")));

        Assert.Equal(field, refusal.Field);
        Assert.Empty(_fixture.Gate.Recorder.Entries);
    }

    public static TheoryData<string, string, object> Wider => new()
    {
        { "principal", ChainReasons.DelegateMismatch, Change(draft => draft with { Principal = "stranger" }) },
        { "allowed_actions", ChainReasons.ActionAttenuation, Change(draft => draft with { Actions = ["*"] }) },
        { "resource_scope", ChainReasons.ScopeAttenuation, Change(draft => draft with { ResourceScope = ["Tool:*"] }) },
        { "expires_at", ChainReasons.ExpiryAttenuation, Change(draft => draft with { ExpiresAt = GrantFixture.Now.AddHours(2) }) },
        { "obligations", ChainReasons.ObligationAttenuation, Change(draft => draft with { Obligations = [] }) },
        { "context_constraints", ChainReasons.ConstraintAttenuation, Change(draft => draft with { Constraints = GrantConstraints.None }) },
    };

    [Theory]
    [MemberData(nameof(Wider), DisableDiscoveryEnumeration = true)]
    public async Task A_child_that_is_wider_than_its_parent_is_not_issued(string field, string reason, object change)
    {
        var narrow = GrantFixture.Draft("lead", from: "boss") with { Obligations = ["mfa_required"], Constraints = new GrantConstraints { Doors = ["api"] } };
        var parent = await _fixture.IssueAsync(narrow);
        var child = narrow with { Principal = "lead", Delegate = "worker", ParentId = parent.Id };
        await _fixture.IssueAsync(child);

        var refusal = await _fixture.RefusedAsync(((Func<GrantDraft, GrantDraft>)change)(child));

        Assert.Equal((field, reason), (refusal.Field, refusal.Reason));
        Assert.Equal(2, _fixture.Registry.Current("t").GrantsSize);
    }

    [Fact]
    public async Task A_child_of_what_ended_is_not_issued()
    {
        var root = await _fixture.IssueAsync(GrantFixture.Draft("lead", from: "boss"));
        var middle = await _fixture.IssueAsync(GrantFixture.Draft("worker", from: "lead", parent: root.Id));
        await _fixture.RevokeAsync(root.Id);

        var refusal = await _fixture.RefusedAsync(GrantFixture.Draft("helper", from: "worker", parent: middle.Id));

        Assert.Equal((Codes.GrantConflict, ChainReasons.ParentRevoked), (refusal.Code, refusal.Reason));
    }

    [Fact]
    public async Task A_child_of_what_expired_is_not_issued()
    {
        var root = await _fixture.IssueAsync(GrantFixture.Draft("lead", from: "boss"));
        _fixture.Gate.Time.SetUtcNow(GrantFixture.Now.AddHours(2));

        var refusal = await _fixture.RefusedAsync(GrantFixture.Draft("worker", from: "lead", parent: root.Id) with { ExpiresAt = GrantFixture.Now.AddHours(3) });

        Assert.Equal((Codes.GrantConflict, ChainReasons.ParentExpired), (refusal.Code, refusal.Reason));
    }

    [Fact]
    public async Task The_ninth_grant_of_a_chain_is_not_issued()
    {
        var parent = await _fixture.IssueAsync(GrantFixture.Draft("p1", from: "p0"));
        for (var i = 1; i < GrantChain.MaxDepth; i++)
        {
            parent = await _fixture.IssueAsync(GrantFixture.Draft($"p{i + 1}", from: $"p{i}", parent: parent.Id));
        }

        Assert.Equal(ChainReasons.Depth, (await _fixture.RefusedAsync(GrantFixture.Draft("p9", from: "p8", parent: parent.Id))).Reason);
    }

    [Fact]
    public async Task A_grant_that_is_revoked_while_a_child_is_decided_has_no_child()
    {
        var root = await _fixture.IssueAsync(GrantFixture.Draft("lead", from: "boss"));
        _fixture.Gate.Guard("meanwhile", 300, (_, _) =>
        {
            var facts = _fixture.Registry.Current("t");
            _fixture.Registry.Put("t", facts.With(new GrantRevocation(root.Id, GrantFixture.Now, "left")));
            return ValueTask.FromResult<Verdict>(Verdict.Allowed);
        });

        var refusal = await _fixture.Rebuilt().RefusedAsync(GrantFixture.Draft("worker", from: "lead", parent: root.Id));

        Assert.Equal(ChainReasons.ParentRevoked, refusal.Reason);
        Assert.Equal(1, _fixture.Registry.Current("t").GrantsSize);
    }

    [Fact]
    public async Task Issuing_and_revoking_in_a_loop_fills_a_tenants_list_so_far_and_no_further()
    {
        var template = await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        SignedGrant[] many = [.. Enumerable.Range(0, GrantChecks.KeptMax).Select(i => SignedGrant.Sign(template with { Id = $"g_{i:x32}" }, _fixture.Keys.Current))];
        _fixture.Registry.Put("t", GrantSnapshot.Create(many, [.. many.Select(one => new GrantRevocation(one.Grant.Id, GrantFixture.Now, "left"))]));

        Assert.Equal(Codes.GrantsFull, (await _fixture.RefusedAsync(GrantFixture.Draft("worker"))).Code);

        _fixture.Gate.Time.Advance(TimeSpan.FromHours(2) + GrantAdministration.Remembered);
        var issued = await _fixture.IssueAsync(GrantFixture.Draft("worker") with { ExpiresAt = _fixture.Gate.Time.GetUtcNow().AddHours(1) });
        Assert.Equal(issued.Id, Assert.Single(_fixture.Registry.Current("t").Grants).Grant.Id);
    }

    [Fact]
    public async Task Where_old_grants_cannot_be_forgotten_nothing_new_is_stored()
    {
        var template = await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        SignedGrant[] many = [.. Enumerable.Range(0, GrantChecks.KeptMax).Select(i => SignedGrant.Sign(template with { Id = $"g_{i:x32}" }, _fixture.Keys.Current))];
        _fixture.Registry.Put("t", GrantSnapshot.Create(many, []));
        _fixture.Gate.Time.Advance(TimeSpan.FromHours(2) + GrantAdministration.Remembered);
        _fixture.Store.Failure = new IOException("disk full");
        var writes = _fixture.Store.Writes;

        var refusal = await _fixture.RefusedAsync(GrantFixture.Draft("other") with { ExpiresAt = _fixture.Gate.Time.GetUtcNow().AddHours(1) });

        Assert.Equal(GrantRefusalKind.Denied, refusal.Kind);
        Assert.Equal(writes + 1, _fixture.Store.Writes);
        Assert.Equal(GrantChecks.KeptMax, _fixture.Registry.Current("t").GrantsSize);
    }

    [Fact]
    public async Task A_tenant_has_no_more_live_grants_than_it_may()
    {
        var template = await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        var many = Enumerable.Range(0, GrantChecks.LiveMax).Select(i => SignedGrant.Sign(template with { Id = $"g_{i:x32}" }, _fixture.Keys.Current)).ToList();
        var full = GrantSnapshot.Create(many, []);
        _fixture.Registry.Put("t", full);
        Assert.Equal(Codes.GrantsFull, (await _fixture.RefusedAsync(GrantFixture.Draft("worker"))).Code);

        _fixture.Registry.Put("t", full.With(new GrantRevocation(many[0].Grant.Id, GrantFixture.Now, "left")));
        await _fixture.IssueAsync(GrantFixture.Draft("worker"));
    }

    [Fact]
    public async Task A_revocation_ends_what_rests_on_it_at_once_and_says_how_much()
    {
        var root = await _fixture.IssueAsync(GrantFixture.Draft("lead", from: "boss"));
        var child = await _fixture.IssueAsync(GrantFixture.Draft("worker", from: "lead", parent: root.Id));
        var other = await _fixture.IssueAsync(GrantFixture.Draft("lead", from: "boss"));

        var revoked = Assert.IsType<GrantReply<RevokedGrant>.Done>(await _fixture.RevokeAsync(root.Id)).Value;

        var facts = _fixture.Registry.Current("t");
        Assert.Equal(2, revoked.Ended);
        Assert.Equal(ChainReasons.ParentRevoked, GrantDescent.WhyNot(child, facts, GrantFixture.Now));
        Assert.Null(GrantDescent.WhyNot(other, facts, GrantFixture.Now));
        Assert.Equal(root.Id, Assert.Single(await _fixture.Store.ReadRevocationsAsync(default)).Revocation.GrantId);
        Assert.Contains(_fixture.Gate.Recorder.Entries, entry => entry.Entry is { Kind: EntryKind.Intent, Action: GateActions.RevokeGrant });
    }

    [Fact]
    public async Task Revoking_twice_changes_nothing()
    {
        var grant = await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        await _fixture.RevokeAsync(grant.Id, "first");
        _fixture.Gate.Time.Advance(TimeSpan.FromMinutes(1));

        var again = Assert.IsType<GrantReply<RevokedGrant>.Done>(await _fixture.RevokeAsync(grant.Id, "second")).Value;

        Assert.Equal((0, "first", GrantFixture.Now), (again.Ended, again.Revocation.Reason, again.Revocation.At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\u0000b")]
    [InlineData("someone@example.com")]
    public async Task A_reason_that_proofs_must_not_show_is_refused(string reason)
    {
        var grant = await _fixture.IssueAsync(GrantFixture.Draft("worker"));

        Assert.Equal("reason", Assert.IsType<GrantReply<RevokedGrant>.Refused>(await _fixture.RevokeAsync(grant.Id, reason)).Refusal.Field);
    }

    [Fact]
    public async Task Another_tenant_knows_nothing_of_a_grant()
    {
        var grant = await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        var stranger = GrantFixture.Operator with { Tenant = "other" };

        var revoke = await _fixture.Grants.RevokeAsync(stranger, GrantFixture.Context, grant.Id, "mine", default);
        var child = await _fixture.Grants.IssueAsync(stranger, GrantFixture.Context, GrantFixture.Draft("x", from: "worker", parent: grant.Id), default);

        Assert.Equal(GrantRefusalKind.NotFound, Assert.IsType<GrantReply<RevokedGrant>.Refused>(revoke).Refusal.Kind);
        Assert.Equal(GrantRefusalKind.NotFound, Assert.IsType<GrantReply<SignedGrant>.Refused>(child).Refusal.Kind);
        Assert.False(_fixture.Registry.Current("t").IsRevoked(grant.Id));
    }

    [Fact]
    public async Task What_another_server_issued_revoked_and_forgot_counts_after_a_reload()
    {
        var (other, loader) = (new GrantRegistry(), (StoredGrants?)null);
        loader = _fixture.Loader(other);
        var kept = await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        await loader.ReloadAsync(default);
        var before = other.Current("t");
        Assert.True(before.TryGetGrant(kept.Id, out _));

        await loader.ReloadAsync(default);
        Assert.Same(before, other.Current("t"));

        await _fixture.RevokeAsync(kept.Id);
        await loader.ReloadAsync(default);
        Assert.True(other.Current("t").IsRevoked(kept.Id));
        Assert.Equal(_fixture.Registry.Current("t").RevocationsRoot, other.Current("t").RevocationsRoot);

        await _fixture.Store.ForgetAsync("t", DateTimeOffset.MaxValue, default);
        await loader.ReloadAsync(default);
        Assert.Same(GrantSnapshot.Empty, other.Current("t"));
    }

    [Fact]
    public async Task A_change_made_while_a_reload_reads_waits_for_it_and_is_not_overtaken()
    {
        var loader = _fixture.Loader(_fixture.Registry);
        var (reading, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        _fixture.Store.DuringRead = async () =>
        {
            reading.TrySetResult();
            await goOn.Task;
        };
        var reload = loader.ReloadAsync(default);
        await reading.Task;
        var issuing = _fixture.IssueAsync(GrantFixture.Draft("worker"));

        goOn.SetResult();
        await reload;
        var grant = await issuing;

        Assert.True(_fixture.Registry.Current("t").TryGetGrant(grant.Id, out _));
    }

    [Fact]
    public async Task A_restart_brings_back_grants_and_revocations()
    {
        var root = await _fixture.IssueAsync(GrantFixture.Draft("lead", from: "boss"));
        await _fixture.IssueAsync(GrantFixture.Draft("worker", from: "lead", parent: root.Id));
        await _fixture.RevokeAsync(root.Id);
        var fresh = new GrantRegistry();

        await _fixture.Loader(fresh).LoadAsync(default);

        var (before, after) = (_fixture.Registry.Current("t"), fresh.Current("t"));
        Assert.Equal((before.GrantsRoot, before.RevocationsRoot), (after.GrantsRoot, after.RevocationsRoot));
        Assert.True(after.IsRevoked(root.Id));
    }

    [Fact]
    public async Task A_stored_grant_that_nobody_we_know_signed_counts_nowhere()
    {
        await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        using var others = new FixedKeys(9);
        var fresh = new GrantRegistry();

        await _fixture.Loader(fresh, others).LoadAsync(default);

        Assert.Empty(fresh.Current("t").Grants);
    }

    [Fact]
    public async Task A_stored_grant_under_another_name_or_in_other_bytes_counts_nowhere()
    {
        var grant = Assert.IsType<GrantReply<SignedGrant>.Done>(await _fixture.AskAsync(GrantFixture.Draft("worker"))).Value;
        var moved = new StoredGrant("other", "g_0000000000000000000000000000abcd", grant.Canonical, grant.Grant.ExpiresAt, "x", "y");
        await _fixture.Store.AddAsync(moved, default);
        await _fixture.Store.AddAsync(moved with { Id = "g_0000000000000000000000000000abce", Signed = new byte[] { 1, 2, 3 } }, default);
        var fresh = new GrantRegistry();

        await _fixture.Loader(fresh).LoadAsync(default);

        Assert.Single(fresh.Current("t").Grants);
        Assert.Empty(fresh.Current("other").Grants);
    }
}
