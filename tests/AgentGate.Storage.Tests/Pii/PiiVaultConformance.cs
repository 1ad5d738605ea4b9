using System.Collections.Immutable;
using AgentGate.Pii;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Pii;

/// <summary>What every vault must hold. A backend derives it and says how a further instance on the same store is opened.</summary>
public abstract class PiiVaultConformance
{
    private static readonly PiiSessionKey Session = new("t1", "key:k1", "name:s");

    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private protected IIdSource Ids { get; } = new SystemIdSource(TimeProvider.System);

    private protected IOptions<PiiVaultOptions> Configured { get; } = Options.Create(new PiiVaultOptions { SessionTtl = TimeSpan.FromHours(1) });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Another instance on the same store, as another process would have.</summary>
    private protected abstract IPiiVault Open();

    [Fact]
    public async Task Values_get_tokens_numbered_by_type_in_their_order()
        => Assert.Equal(
            ["<SSN_1>", "<EMAIL_1>", "<SSN_2>", "<SSN_1>"],
            await TokensAsync(Open(), Session, ("SSN", "a"), ("EMAIL", "b"), ("SSN", "c"), ("SSN", "a")));

    [Fact]
    public async Task A_value_keeps_its_token_in_a_session_and_spelling_counts()
    {
        await TokensAsync(Open(), Session, ("SSN", "a"), ("SSN", "b"));

        Assert.Equal(["<SSN_2>", "<SSN_3>", "<SSN_1>"], await TokensAsync(Open(), Session, ("SSN", "b"), ("SSN", "B"), ("PHONE", "a")));
    }

    [Fact]
    public async Task Another_tenant_owner_or_name_is_another_session()
    {
        await TokensAsync(Open(), Session, ("SSN", "a"));
        foreach (var other in new[] { Session with { Tenant = "t2" }, Session with { Owner = "key:k2" }, Session with { Name = "name:S" } })
        {
            Assert.Equal([null], await Open().ReadAsync(other, ["<SSN_1>"], Cancel));
            Assert.Equal(["<SSN_1>"], await TokensAsync(Open(), other, ("SSN", "b")));
        }

        Assert.Equal(["a"], await Open().ReadAsync(Session, ["<SSN_1>"], Cancel));
    }

    [Fact]
    public async Task Values_are_read_by_token_in_order_and_unknown_tokens_have_none()
    {
        await TokensAsync(Open(), Session, ("SSN", "a"), ("API_KEY", "ключ \U0001F511\n\0"));

        Assert.Equal(
            ["ключ \U0001F511\n\0", null, "a", null, null, null],
            await Open().ReadAsync(Session, ["<API_KEY_1>", "<SSN_2>", "<SSN_1>", "<SSN_x>", "SSN", "<SSN_99999999999999999999>"], Cancel));
    }

    [Fact]
    public async Task An_absent_session_begins_only_when_asked_to()
    {
        Assert.Null(await Open().TokenizeAsync(Session, [new PiiValue("SSN", "a")], create: false, Cancel));
        Assert.NotNull(await Open().TokenizeAsync(Session, [], create: true, Cancel));
        Assert.NotNull(await Open().TokenizeAsync(Session, [new PiiValue("SSN", "a")], create: false, Cancel));
    }

    [Fact]
    public async Task The_binding_key_stays_with_its_session()
    {
        var first = await Open().TokenizeAsync(Session, [new PiiValue("SSN", "a")], create: true, Cancel);
        var again = await Open().TokenizeAsync(Session, [], create: true, Cancel);
        var other = await Open().TokenizeAsync(Session with { Name = "name:t" }, [], create: true, Cancel);

        Assert.Equal(32, first!.BindingKey.Length);
        Assert.Equal(first.BindingKey.ToArray(), again!.BindingKey.ToArray());
        Assert.NotEqual(first.BindingKey.ToArray(), other!.BindingKey.ToArray());
    }

    [Fact]
    public async Task A_session_that_was_not_used_for_its_time_is_gone()
    {
        await TokensAsync(Open(), Session, ("SSN", "a"), ("SSN", "b"));
        await Open().LinkAsync(new PiiResponseLink(Session, "resp_1", ["<SSN_1>"]), Cancel);
        Time.Advance(TimeSpan.FromMinutes(59));
        await TokensAsync(Open(), Session, ("SSN", "b"));
        Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(["a"], await Open().ReadAsync(Session, ["<SSN_1>"], Cancel));
        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal([null], await Open().ReadAsync(Session, ["<SSN_1>"], Cancel));
        Assert.Null(await Open().FindLinkAsync("t1", "key:k1", "resp_1", Cancel));
        Assert.False(await Open().LinkAsync(new PiiResponseLink(Session, "resp_2", []), Cancel));
        Assert.Null(await Open().TokenizeAsync(Session, [], create: false, Cancel));
        Assert.Equal(["<SSN_1>"], await TokensAsync(Open(), Session, ("SSN", "b")));
    }

    [Fact]
    public async Task Purging_erases_what_has_expired_and_nothing_else()
    {
        var young = Session with { Name = "name:young" };
        await TokensAsync(Open(), Session, ("SSN", "a"));
        Time.Advance(TimeSpan.FromMinutes(30));
        await TokensAsync(Open(), young, ("SSN", "b"));
        Time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(1, await Open().PurgeExpiredAsync(Cancel));
        Assert.Equal(0, await Open().PurgeExpiredAsync(Cancel));
        Assert.Equal(["b"], await Open().ReadAsync(young, ["<SSN_1>"], Cancel));
    }

    [Fact]
    public async Task An_erased_session_is_gone_with_its_links()
    {
        await TokensAsync(Open(), Session, ("SSN", "a"));
        await Open().LinkAsync(new PiiResponseLink(Session, "resp_1", ["<SSN_1>"]), Cancel);
        await Open().EraseAsync(Session, Cancel);
        await Open().EraseAsync(Session, Cancel);

        Assert.Equal([null], await Open().ReadAsync(Session, ["<SSN_1>"], Cancel));
        Assert.Null(await Open().FindLinkAsync("t1", "key:k1", "resp_1", Cancel));
    }

    [Fact]
    public async Task A_response_is_found_by_its_own_key_alone()
    {
        await TokensAsync(Open(), Session, ("SSN", "a"), ("SSN", "b"));
        Assert.True(await Open().LinkAsync(new PiiResponseLink(Session, "resp_1", ["<SSN_1>", "<SSN_2>"]), Cancel));

        var link = await Open().FindLinkAsync("t1", "key:k1", "resp_1", Cancel);
        Assert.Equal(["a"], await Open().ReadAsync(link!.Session, ["<SSN_1>"], Cancel));
        Assert.Equal(["<SSN_1>", "<SSN_2>"], link.Sent);
        Assert.Null(await Open().FindLinkAsync("t1", "key:k2", "resp_1", Cancel));
        Assert.Null(await Open().FindLinkAsync("t2", "key:k1", "resp_1", Cancel));
        Assert.Null(await Open().FindLinkAsync("t1", "key:k1", "resp_2", Cancel));
    }

    [Fact]
    public async Task Concurrent_calls_never_give_one_token_to_two_values_or_one_value_two_tokens()
    {
        const int calls = 24;
        IPiiVault[] processes = [Open(), Open(), Open()];
        var given = await Task.WhenAll(Enumerable.Range(0, calls).Select(call => Task.Run(async () =>
        {
            // Half of each call's values are shared with the others, half are its own.
            (string, string)[] values =
                [.. Enumerable.Range(0, 5).SelectMany(n => new[] { ("SSN", $"shared {(call + n) % 7}"), ("SSN", $"own {call} {n}") })];
            var tokens = await TokensAsync(processes[call % processes.Length], Session, values);
            return values.Zip(tokens, (value, token) => (Text: value.Item2, Token: token));
        })));

        var pairs = given.SelectMany(pair => pair).Distinct().ToArray();
        Assert.Equal(7 + (calls * 5), pairs.Length);
        Assert.Equal(pairs.Length, pairs.Select(pair => pair.Text).Distinct().Count());
        Assert.Equal(Enumerable.Range(1, pairs.Length).Select(n => $"<SSN_{n}>").Order(), pairs.Select(pair => pair.Token).Order());
        Assert.Equal(pairs.Select(pair => pair.Text), await Open().ReadAsync(Session, [.. pairs.Select(pair => pair.Token)], Cancel));
    }

    [Fact]
    public async Task Concurrent_beginnings_of_one_session_give_one_session()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(
            async () => Convert.ToHexString((await Open().TokenizeAsync(Session, [new PiiValue("SSN", "a")], create: true, Cancel))!.BindingKey.Span))));

        Assert.Single(keys.Distinct());
    }

    private static async Task<ImmutableArray<string>> TokensAsync(IPiiVault vault, PiiSessionKey session, params (string Type, string Text)[] values)
        => (await vault.TokenizeAsync(session, [.. values.Select(value => new PiiValue(value.Type, value.Text))], create: true, Cancel))!.Tokens;
}
