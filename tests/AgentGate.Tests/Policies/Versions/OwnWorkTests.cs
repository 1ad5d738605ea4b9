using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Policies;
using AgentGate.Policies.Versions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGate.Tests.Policies.Versions;

/// <summary>Who wrote a version does not put it in force.</summary>
public sealed class OwnWorkTests
{
    private readonly FakePolicyVersions _store = new();
    private readonly FakePolicyPeople _people = new() { Writers = 2, Owners = { ["agent_of_ada"] = "ada" } };

    public OwnWorkTests()
    {
        // Newest first. Bob changed what ada made; version 2 is an agent's.
        Line(4, PolicyEvent.Created, 2, "agent_of_ada");
        Line(3, PolicyEvent.Activated, 1, "cleo");
        Line(2, PolicyEvent.Updated, 1, "bob");
        Line(1, PolicyEvent.Created, 1, "ada");
    }

    [Theory]
    [InlineData("ada", null, 1, true)]
    [InlineData("bob", null, 1, true)]
    [InlineData("agent_of_ada", "ada", 1, true)]
    [InlineData("cleo", null, 1, false)]
    [InlineData("agent_of_cleo", "cleo", 1, false)]
    [InlineData("ada", null, 2, true)]
    [InlineData("agent_of_ada", "ada", 2, true)]
    [InlineData("bob", null, 2, false)]
    public async Task Whoever_wrote_any_of_it_by_themselves_or_by_an_agent_is_refused(string id, string? person, int number, bool refused)
    {
        var refusal = await RefusalAsync(id, person, number, SecondPerson.WherePossible);

        Assert.Equal(refused, refusal is not null);
        Assert.True(refusal is null or { Code: Codes.PolicyOwnWork, Kind: PolicyRefusalKind.Denied });
    }

    [Theory]
    [InlineData(SecondPerson.WherePossible, 1, false)]
    [InlineData(SecondPerson.Always, 1, true)]
    [InlineData(SecondPerson.Always, 0, true)]
    [InlineData(SecondPerson.Never, 9, false)]
    public async Task Who_is_alone_goes_on_alone_unless_the_setting_says_always(SecondPerson setting, int writers, bool refused)
    {
        _people.Writers = writers;

        Assert.Equal(refused, await RefusalAsync("ada", null, 1, setting) is not null);
    }

    [Fact]
    public async Task A_version_of_which_nobody_knows_who_made_it_is_not_judged_at_all()
    {
        _store.History.RemoveAt(3);

        await Assert.ThrowsAsync<InvalidOperationException>(() => RefusalAsync("cleo", null, 1, SecondPerson.WherePossible));
    }

    private Task<PolicyRefusal?> RefusalAsync(string id, string? person, int number, SecondPerson setting)
        => new OwnWork(_store, _people, Options.Create(new PolicyOptions { SecondPerson = setting }), NullLogger<OwnWork>.Instance)
            .RefusalAsync(new Principal { Id = id, Tenant = "t", UserId = person }, number, CancellationToken.None);

    private void Line(long seq, PolicyEvent what, int number, string by)
        => _store.History.Add(new PolicyHistoryEntry(seq, DateTimeOffset.UnixEpoch, what, number, null, by, null));
}
