using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Policies.Versions;
using AgentGate.Tests.Pipeline;
using AgentGate.Tools;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Policies.Versions;

/// <summary>An activation: what is asked of whom, and in which order things happen.</summary>
public sealed class PolicyAdministrationTests
{
    private const string Fine = "permit (principal, action, resource);";
    private static readonly Principal s_operator = new() { Id = "agent_op", Tenant = "t", Scopes = [Scopes.PoliciesWrite] };
    private static readonly CallContext s_context = new() { At = DateTimeOffset.UnixEpoch };
    private readonly FakePolicyVersions _store = new();
    private readonly GateFixture _gate = new();
    private readonly PolicyRegistry _registry = new(ActivePolicies.Of(ActivePolicies.ConfigurationVersion, PolicySet.Parse(Fine)));

    private OwnWork Own()
        => new(_store, new FakePolicyPeople(), Options.Create(new PolicyOptions()), Microsoft.Extensions.Logging.Abstractions.NullLogger<OwnWork>.Instance);

    private async Task<PolicyReply<int>> ActivateAsync(int number, bool force = false, int expected = 0)
    {
        var policies = new PolicyAdministration(
            _store, _registry, _gate.Build(), new PolicyAsk(new PolicyEntities(new ToolCatalog(Options.Create(new ToolOptions())))), Own(), new SystemIdSource(_gate.Time), _gate.Time);
        return await policies.ActivateAsync(s_operator, s_context, number, expected, force, CancellationToken.None);
    }

    private static PolicyRefusal Refused<T>(PolicyReply<T> reply) => Assert.IsType<PolicyReply<T>.Refused>(reply).Refusal;

    [Fact]
    public async Task A_version_judges_the_next_call_after_it_was_stored()
    {
        _store.Put("forbid (principal, action, resource);", PolicyVersionStatus.Draft);

        var reply = await ActivateAsync(1, force: true, expected: 7);

        Assert.IsType<PolicyReply<int>.Done>(reply);
        var (activation, act) = Assert.Single(_store.Activations);
        Assert.Equal((1, 7, false, "agent_op"), (activation.Number, activation.ExpectedActive, activation.IsRollBack, act.By));
        Assert.Equal(PolicyCheck.HashOf("forbid (principal, action, resource);"), activation.TextHash);
        Assert.NotNull(act.CallId);
        Assert.Equal("v1", _registry.Current("t").Version);
        Assert.Equal("configuration", _registry.Current("another").Version);
    }

    [Fact]
    public async Task A_text_that_a_store_could_cut_short_is_not_taken()
    {
        var policies = new PolicyAdministration(
            _store, _registry, _gate.Build(), new PolicyAsk(new PolicyEntities(new ToolCatalog(Options.Create(new ToolOptions())))), Own(), new SystemIdSource(_gate.Time), _gate.Time);

        var refused = Refused(await policies.CreateAsync(s_operator, Fine + " // \0\nforbid (principal, action, resource);", "", CancellationToken.None));

        Assert.Equal((Codes.PolicyRequestInvalid, PolicyRefusalKind.Invalid), (refused.Code, refused.Kind));
    }

    [Fact]
    public async Task A_text_that_changed_in_the_store_is_not_put_in_force()
    {
        _store.Put(Fine, PolicyVersionStatus.Draft);
        _store.Documents[0] = _store.Documents[0] with { Text = "permit (principal, action, resource) when { true };" };

        Assert.Equal(Codes.PolicySetInvalid, Refused(await ActivateAsync(1)).Code);
        Assert.Equal("configuration", _registry.Current("t").Version);
    }

    [Theory]
    [InlineData("Conflict", Codes.PolicyConflict)]
    [InlineData("NotFound", Codes.PolicyVersionNotFound)]
    [InlineData("NotPossible", Codes.PolicyVersionFrozen)]
    public async Task What_the_store_does_not_take_is_not_in_force(string answer, string code)
    {
        _store.Put(Fine, PolicyVersionStatus.Draft);
        _store.Answer = Enum.Parse<PolicyChange>(answer);

        Assert.Equal(code, Refused(await ActivateAsync(1)).Code);
        Assert.Equal("configuration", _registry.Current("t").Version);
    }

    [Fact]
    public async Task The_gate_decides_before_anything_is_stored()
    {
        _store.Put(Fine, PolicyVersionStatus.Draft);
        _gate.Guard("no", 300, new Verdict.Deny(Codes.Forbidden, "no", DenialKind.Forbidden));

        var refusal = Refused(await ActivateAsync(1));

        Assert.Equal((PolicyRefusalKind.Denied, Codes.Forbidden), (refusal.Kind, refusal.Code));
        Assert.Empty(_store.Activations);
        Assert.Equal("configuration", _registry.Current("t").Version);
    }

    [Fact]
    public async Task The_gate_is_asked_for_the_version_and_its_hash_and_shows_no_text_to_any_guard()
    {
        var document = _store.Put(Fine, PolicyVersionStatus.Draft);
        GateCall? asked = null;
        _gate.Guard("look", 300, (context, _) =>
        {
            asked = context.Call;
            return ValueTask.FromResult<Verdict>(Verdict.Allowed);
        });

        await ActivateAsync(1);

        Assert.Equal((GateActions.ActivatePolicy, new EntityRef(EntityRef.PolicySetType, "v1"), "api.policies"), (asked!.Action, asked.Resource, asked.Door));
        Assert.Equal(document.Version.Facts.SetHash, Assert.Single(asked.Targets).Name);
        Assert.Equal(0, asked.Content.Segments.Length);
        Assert.DoesNotContain("permit", GateFixture.Utf8(asked.Content), StringComparison.Ordinal);
        Assert.Contains(document.Version.Facts.TextHash, GateFixture.Utf8(asked.Content), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("permit (principal, action == AgentGate::Action::\"callModel\", resource);", false)]
    [InlineData("", false)]
    [InlineData("permit (principal, action, resource); forbid (principal, action == AgentGate::Action::\"activatePolicy\", resource);", false)]
    [InlineData("permit (principal == AgentGate::Agent::\"somebody\", action, resource);", false)]
    [InlineData("permit (principal == AgentGate::Agent::\"agent_op\", action == AgentGate::Action::\"activatePolicy\", resource);", true)]
    [InlineData("permit (principal, action == AgentGate::Action::\"activatePolicy\", resource) when { principal.scopes.contains(\"policies:write\") };", true)]
    public async Task A_set_that_locks_out_who_activates_it_needs_force(string text, bool fine)
    {
        _store.Put(text, PolicyVersionStatus.Draft);

        var reply = await ActivateAsync(1);

        if (fine)
        {
            Assert.IsType<PolicyReply<int>.Done>(reply);
            return;
        }

        Assert.Equal(Codes.PolicyLockOut, Refused(reply).Code);
        Assert.Empty(_store.Activations);
        Assert.IsType<PolicyReply<int>.Done>(await ActivateAsync(1, force: true));
    }

    [Theory]
    [InlineData("permit (", "syntax")]
    [InlineData("permit (principal, action, resource) when { resource.nothing };", "UnsafeAttributeAccess")]
    [InlineData("permit (principal is Somebody, action, resource);", "UnrecognizedEntityType")]
    public async Task A_set_with_errors_is_refused_with_all_of_them_even_by_force(string text, string kind)
    {
        _store.Put(text, PolicyVersionStatus.Draft);

        var refusal = Refused(await ActivateAsync(1, force: true));

        Assert.Equal(Codes.PolicySetInvalid, refusal.Code);
        Assert.Contains(refusal.Findings, finding => finding.Severity == PolicyFinding.Error && finding.Kind == kind);
        Assert.Empty(_store.Activations);
    }

    [Fact]
    public async Task Where_the_intent_cannot_be_put_on_record_nothing_comes_into_force()
    {
        _store.Put(Fine, PolicyVersionStatus.Draft);
        _gate.Recorder.Before = entry => entry.Kind == EntryKind.Intent ? throw new IOException("the disk is full") : Task.CompletedTask;

        Assert.Equal(PolicyRefusalKind.Denied, Refused(await ActivateAsync(1)).Kind);
        Assert.Empty(_store.Activations);
    }

    [Fact]
    public async Task A_store_that_breaks_puts_nothing_in_force_and_the_outcome_says_so()
    {
        _store.Put(Fine, PolicyVersionStatus.Draft);
        _store.IsBroken = true;

        Assert.Equal((PolicyRefusalKind.Denied, Codes.EffectFailed), Refused(await ActivateAsync(1)) is var refusal ? (refusal.Kind, refusal.Code) : default);
        Assert.Equal("configuration", _registry.Current("t").Version);
        Assert.Equal(["Intent", "Outcome Failed"], _gate.Recorder.Kinds);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    public async Task Rolling_back_goes_to_what_was_before_the_version_first_came_into_force(int active, int target)
    {
        // Newest first: 1, 2 and 3 were activated, then 3 was rolled back to 2.
        (PolicyEvent Event, int Number)[] events =
            [(PolicyEvent.RolledBack, 2), (PolicyEvent.Retired, 3), (PolicyEvent.Activated, 3), (PolicyEvent.Activated, 2), (PolicyEvent.Activated, 1)];
        _store.History.AddRange(events.Select((entry, i) => new PolicyHistoryEntry(9 - i, DateTimeOffset.UnixEpoch, entry.Event, entry.Number, null, "agent", null)));
        for (var i = 0; i < 3; i++)
        {
            _store.Put(Fine, PolicyVersionStatus.Retired);
        }

        var policies = new PolicyAdministration(
            _store, _registry, _gate.Build(), new PolicyAsk(new PolicyEntities(new ToolCatalog(Options.Create(new ToolOptions())))), Own(), new SystemIdSource(_gate.Time), _gate.Time);
        var reply = await policies.RollBackAsync(s_operator, s_context, active, force: false, CancellationToken.None);

        Assert.Equal(target, Assert.IsType<PolicyReply<int>.Done>(reply).Value);
        Assert.True(Assert.Single(_store.Activations).Activation.IsRollBack);
    }

    [Fact]
    public async Task A_shadow_goes_on_being_asked_until_it_comes_into_force_itself()
    {
        _store.Put(Fine, PolicyVersionStatus.Draft);
        _store.Put(Fine + "// two", PolicyVersionStatus.Shadow);
        _registry.SetShadow("t", ActivePolicies.Of("v2", PolicySet.Parse(Fine)));

        await ActivateAsync(1);
        Assert.Equal(("v1", "v2"), (_registry.Current("t").Version, _registry.Current("t").Shadow?.Version));

        await ActivateAsync(2, expected: 1);
        Assert.Equal("v2", _registry.Current("t").Version);
        Assert.Null(_registry.Current("t").Shadow);
    }
}
