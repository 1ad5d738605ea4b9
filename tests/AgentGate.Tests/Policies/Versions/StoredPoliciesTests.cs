using AgentGate.Cedar.Syntax;
using AgentGate.Diagnostics;
using AgentGate.Policies;
using AgentGate.Policies.Versions;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Tests.Policies.Versions;

/// <summary>What a server puts in force when it starts.</summary>
public sealed class StoredPoliciesTests
{
    private const string Fine = "permit (principal, action, resource);";
    private readonly FakePolicyVersions _store = new();
    private readonly PolicyRegistry _registry = new(ActivePolicies.Of(ActivePolicies.ConfigurationVersion, PolicySet.Parse(Fine)));

    private async Task<StoredPolicies> LoadAsync(bool ignore = false)
    {
        var stored = new StoredPolicies(_store, _registry, NullLogger<StoredPolicies>.Instance);
        await stored.LoadAsync(ignore, CancellationToken.None);
        return stored;
    }

    [Fact]
    public async Task The_active_version_judges_and_the_shadow_is_asked()
    {
        _store.Put(Fine, PolicyVersionStatus.Retired);
        _store.Put(Fine, PolicyVersionStatus.Active);
        _store.Put(Fine, PolicyVersionStatus.Shadow);

        Assert.Null((await LoadAsync()).NotReadyBecause);
        Assert.Equal(("v2", "v3"), (_registry.Current("t").Version, _registry.Current("t").Shadow?.Version));
    }

    [Theory]
    [InlineData("permit (")]
    [InlineData("permit (principal, action, resource) when { resource.nothing };")]
    public async Task A_version_that_is_not_valid_any_more_denies_everything_of_its_tenant_and_says_so(string text)
    {
        _store.Put(text, PolicyVersionStatus.Active);

        var stored = await LoadAsync();

        Assert.StartsWith(Codes.StoredPoliciesBroken, stored.NotReadyBecause, StringComparison.Ordinal);
        Assert.Equal(StoredPolicies.BrokenVersion, _registry.Current("t").Version);
        Assert.Empty(_registry.Current("t").Authorizer.Policies.Policies);
        Assert.Equal("configuration", _registry.Current("another").Version);
    }

    [Fact]
    public async Task A_text_that_is_not_the_one_that_was_activated_does_not_judge()
    {
        var (version, _) = _store.Put("forbid (principal, action, resource);", PolicyVersionStatus.Active);
        _store.Documents[0] = new PolicyDocument(version, Fine);

        Assert.NotNull((await LoadAsync()).NotReadyBecause);
        Assert.Equal(StoredPolicies.BrokenVersion, _registry.Current("t").Version);
    }

    [Fact]
    public async Task A_broken_shadow_only_ends()
    {
        _store.Put(Fine, PolicyVersionStatus.Active);
        _store.Put("permit (", PolicyVersionStatus.Shadow);

        Assert.Null((await LoadAsync()).NotReadyBecause);
        Assert.Equal("v1", _registry.Current("t").Version);
        Assert.Null(_registry.Current("t").Shadow);
    }

    [Fact]
    public async Task Configuration_can_pass_over_what_is_stored()
    {
        _store.Put("permit (", PolicyVersionStatus.Active);

        Assert.Null((await LoadAsync(ignore: true)).NotReadyBecause);
        Assert.Equal("configuration", _registry.Current("t").Version);
    }

    [Fact]
    public async Task What_another_server_activated_judges_after_a_reload_and_what_it_took_back_does_not()
    {
        var stored = await LoadAsync();
        _store.Put(Fine, PolicyVersionStatus.Active);
        await stored.ReloadAsync(CancellationToken.None);
        Assert.Equal("v1", _registry.Current("t").Version);

        _store.Put(Fine, PolicyVersionStatus.Shadow, "u");
        _store.Documents.RemoveAt(0);
        await stored.ReloadAsync(CancellationToken.None);

        Assert.Same(_registry.Configured, _registry.Current("t"));
        Assert.Equal(("configuration", "v2"), (_registry.Current("u").Version, _registry.Current("u").Shadow?.Version));

        _store.Documents.Clear();
        await stored.ReloadAsync(CancellationToken.None);
        Assert.Same(_registry.Configured, _registry.Current("u"));
    }

    [Fact]
    public async Task What_did_not_change_is_the_very_same_object_after_a_reload()
    {
        _store.Put(Fine, PolicyVersionStatus.Active);
        _store.Put(Fine, PolicyVersionStatus.Shadow);
        var stored = await LoadAsync();
        var before = _registry.Current("t");

        _store.Put(Fine, PolicyVersionStatus.Active, "another");
        await stored.ReloadAsync(CancellationToken.None);

        Assert.Same(before, _registry.Current("t"));
        Assert.Equal("v3", _registry.Current("another").Version);
    }

    [Fact]
    public async Task A_version_that_was_repaired_elsewhere_makes_the_server_ready_again()
    {
        _store.Put("permit (", PolicyVersionStatus.Active);
        var stored = await LoadAsync();
        Assert.NotNull(stored.NotReadyBecause);

        _store.Documents.Clear();
        _store.Put(Fine, PolicyVersionStatus.Active);
        await stored.ReloadAsync(CancellationToken.None);

        Assert.Null(stored.NotReadyBecause);
        Assert.Equal("v1", _registry.Current("t").Version);
    }

    [Fact]
    public async Task A_version_that_is_passed_over_stays_so_until_another_comes_into_force()
    {
        var first = _store.Put(Fine, PolicyVersionStatus.Active);
        var stored = await LoadAsync(ignore: true);
        await stored.ReloadAsync(CancellationToken.None);
        Assert.Equal("configuration", _registry.Current("t").Version);

        _store.Documents.Clear();
        _store.Put(Fine, PolicyVersionStatus.Draft);
        _store.Put(Fine, PolicyVersionStatus.Active);
        await stored.ReloadAsync(CancellationToken.None);
        Assert.Equal("v2", _registry.Current("t").Version);

        _store.Documents.Clear();
        _store.Documents.Add(first);
        await stored.ReloadAsync(CancellationToken.None);
        Assert.Equal("v1", _registry.Current("t").Version);
    }

    [Fact]
    public async Task A_store_that_fails_leaves_in_force_what_is()
    {
        _store.Put(Fine, PolicyVersionStatus.Active);
        var stored = await LoadAsync();
        _store.ReadFailure = new IOException("gone");

        await Assert.ThrowsAsync<IOException>(() => stored.ReloadAsync(CancellationToken.None));

        Assert.Equal("v1", _registry.Current("t").Version);
    }
}
