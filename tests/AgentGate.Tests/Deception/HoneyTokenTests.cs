using AgentGate.Deception;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Tests.Delegation;
using AgentGate.Tests.Pipeline;
using AgentGate.Tools;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Tests.Deception;

public sealed class HoneyTokenTests
{
    private const string Canary = "AKIA-Canary-77abcde";
    private readonly HoneyFixture _fixture = new();

    [Fact]
    public async Task A_token_that_is_not_touched_is_no_concern_of_anybodys_call()
    {
        // One token on /secret/*, a direct read of an unrelated resource: what the old system denied.
        _fixture.Tools.Arguments.Add(new ToolArgumentRule { Tool = "fs", Argument = "path", Kind = ArgumentKind.Path, Effects = { "read" } });
        await _fixture.SetAsync("RESOURCE", pattern: "/secret/*");

        Assert.Null(await _fixture.CallToolAsync("fs", """{"path":"/public/report"}"""));
        Assert.Null(await _fixture.CallAsync("""{"a":"please read /secret/plans"}"""));
        Assert.Empty(_fixture.Events.Heard);
        Assert.Equal(0, _fixture.Registry.StandingOf("t1", "agent"));
    }

    [Fact]
    public async Task A_target_that_arguments_become_later_is_touched_as_well()
    {
        _fixture.Tools.Arguments.Add(new ToolArgumentRule { Tool = "fs", Argument = "path", Kind = ArgumentKind.Path, Effects = { "read" } });
        await _fixture.SetAsync("RESOURCE", pattern: "/secret/*");
        _fixture.Gate.Guard("Pii", GuardOrder.Pii, GateFixture.Replace("/secret/plans"));

        Assert.Equal(Codes.HoneyTouched, await _fixture.CallToolAsync("fs", """{"path":"/public/report"}"""));
        Assert.Equal([EntryKind.Denied], _fixture.Gate.Recorder.Entries.Select(one => one.Entry.Kind).Skip(1));
        Assert.Single(await _fixture.Store.ListTriggersAsync("t1", "agent", 10, default));
    }

    [Fact]
    public async Task Whoever_touches_a_token_and_hangs_up_leaves_the_touch_and_the_denial_on_record()
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);
        using var gone = new CancellationTokenSource();
        var stored = new TaskCompletionSource();
        _fixture.Store.BeforeTrigger = async () =>
        {
            await gone.CancelAsync();
            await stored.Task;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.CallAsync($$"""{"a":"{{Canary}}"}""", cancellationToken: gone.Token));
        stored.SetResult();

        var last = _fixture.Gate.Recorder.Entries[^1].Entry;
        Assert.Equal((EntryKind.Denied, Codes.HoneyTouched), (last.Kind, last.Code));
        Assert.Single(await _fixture.Store.ListTriggersAsync("t1", "agent", 10, default));
    }

    [Theory]
    [InlineData("/secret/plans")]
    [InlineData("//secret/plans")]
    [InlineData("/SECRET/plans")]
    [InlineData("/public/../secret/plans")]
    [InlineData("/secret/a/b")]
    public async Task A_target_is_held_against_tokens_in_its_normal_form(string path)
    {
        _fixture.Tools.Arguments.Add(new ToolArgumentRule { Tool = "fs", Argument = "path", Kind = ArgumentKind.Path, Effects = { "read" } });
        await _fixture.SetAsync("RESOURCE", pattern: "/secret/*");

        Assert.Equal(Codes.HoneyTouched, await _fixture.CallToolAsync("fs", $$"""{"path":"{{path}}"}"""));
    }

    [Theory]
    [InlineData("admin_reset")]
    [InlineData("ADMIN_reset")]
    public async Task A_honey_tool_is_touched_when_it_is_called(string tool)
    {
        await _fixture.SetAsync("TOOL", name: "admin_reset");

        Assert.Null(await _fixture.CallToolAsync("admin"));
        Assert.Null(await _fixture.CallAsync("""{"tools":[{"name":"admin_reset"}],"a":"call admin_reset"}"""));
        Assert.Equal(Codes.HoneyTouched, await _fixture.CallToolAsync(tool));
    }

    [Theory]
    [InlineData("""{"a":"use AKIA-Canary-77abcde now"}""")]
    [InlineData("""{"a":"AKIA-CANARY-77ABCDE"}""")]
    [InlineData("""{"deep":[{"x":"\u0041KIA-Canary-77abcde"}]}""")]
    [InlineData("""{"AKIA-Canary-77abcde":1}""")]
    public async Task A_value_is_found_anywhere_in_a_call(string json)
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);

        Assert.Null(await _fixture.CallAsync("""{"a":"AKIA-Canary-77abcd"}"""));
        Assert.Equal(Codes.HoneyTouched, await _fixture.CallAsync(json));
    }

    [Fact]
    public async Task A_touch_is_told_logged_and_recorded_by_the_tokens_id_and_never_by_its_value()
    {
        var token = await _fixture.SetAsync("CREDENTIAL", value: Canary);

        await _fixture.CallAsync($$"""{"a":"{{Canary}}"}""");

        var alert = Assert.IsType<GateFact.Alerted>(Assert.Single(_fixture.Events.Heard).Fact);
        Assert.Equal((Codes.HoneyTouched, token.Id, 3), (alert.Code, alert.Subject, alert.Severity));
        var (level, line) = Assert.Single(_fixture.Log.Lines);
        Assert.Equal(LogLevel.Critical, level);
        Assert.Contains(token.Id, line, StringComparison.Ordinal);
        var denied = Assert.Single(_fixture.Gate.Recorder.Entries, entry => entry.Entry.Kind == EntryKind.Denied).Entry;
        Assert.Equal((Codes.HoneyTouched, token.Id), (denied.Code, denied.Verdicts.SelectMany(verdict => verdict.Findings).Single().Note));
        var trigger = Assert.Single(await _fixture.Store.ListTriggersAsync("t1", null, 10, default));
        Assert.Equal((token.Id, "agent", "call-1", 3), (trigger.TokenId, trigger.Principal, trigger.CallId, trigger.Severity));

        // Nothing that is kept holds the value, neither of the setting nor of the touching.
        var stored = Assert.Single(await _fixture.Store.ReadAsync(default));
        var kept = string.Join('\n', _fixture.Gate.Recorder.Entries.Select(entry => LogText(entry.Entry))) + line + stored.Token + trigger
            + System.Text.Encoding.UTF8.GetString(stored.Sealed!);
        Assert.DoesNotContain(Canary, kept, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_certificate_is_told_which_token_it_was()
    {
        var token = await _fixture.SetAsync("TOOL", name: "admin_reset");
        var scope = new CallScope();
        var call = Pipeline.GateFixture.Call("{}") with { Action = GateActions.CallTool, Resource = EntityRef.Tool("admin_reset") };

        await _fixture.Gate.Guards[0].Request!.InspectAsync(new GuardContext(call, scope), default);

        Assert.Equal(token.Id, HoneyTouch.Of(call, scope)?.TokenId);
        Assert.Null(HoneyTouch.Of(call with { Id = "child" }, new CallScope(scope)));
    }

    public static TheoryData<string, string, int> Severities => new()
    {
        { "RESOURCE", "read", 1 },
        { "TOOL", "read", 2 },
        { "DATA_STORE", "read", 2 },
        { "DATA_STORE", "delete", 3 },
        { "CREDENTIAL", "read", 3 },
    };

    [Theory]
    [MemberData(nameof(Severities))]
    public async Task What_was_touched_says_what_it_costs_that_principal_and_nobody_else(string type, string effect, int severity)
    {
        _fixture.Tools.Arguments.Add(new ToolArgumentRule { Tool = "db", Argument = "path", Kind = ArgumentKind.Path, Effects = { effect } });
        await _fixture.SetAsync(type, pattern: type == "TOOL" ? "honey_*" : "/vault/*");
        var touch = type == "TOOL" ? _fixture.CallToolAsync("honey_export") : _fixture.CallToolAsync("db", """{"path":"/vault/all"}""");

        Assert.Equal(Codes.HoneyTouched, await touch);

        Assert.Equal(severity, _fixture.Registry.StandingOf("t1", "agent"));
        Assert.Equal(severity == 3 ? Codes.PrincipalSuspended : null, await _fixture.CallAsync());
        Assert.Null(await _fixture.CallAsync(principal: "somebody_else"));
        Assert.Null(await _fixture.CallAsync(tenant: "t2"));
    }

    [Fact]
    public async Task A_principal_that_was_denied_everything_is_denied_until_somebody_else_clears_it()
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);
        await _fixture.CallAsync($$"""{"a":"{{Canary}}"}""");

        Assert.Equal(Codes.HoneySelfCleared, Assert.IsType<HoneyReply<int>.Refused>(await _fixture.ClearAsync("agent", by: "agent")).Code);
        Assert.Equal(Codes.HoneyNotFound, Assert.IsType<HoneyReply<int>.Refused>(await _fixture.ClearAsync("agent", tenant: "t2")).Code);
        Assert.Equal(Codes.PrincipalSuspended, await _fixture.CallAsync());

        Assert.Equal(1, Assert.IsType<HoneyReply<int>.Done>(await _fixture.ClearAsync("agent")).Value);
        Assert.Null(await _fixture.CallAsync());
        Assert.Contains(_fixture.Gate.Recorder.Entries, entry => entry.Entry is { Kind: EntryKind.Admin, Action: "honey.clear", Resource.Id: "agent" });
    }

    [Fact]
    public async Task Grants_by_and_to_a_principal_that_touched_a_tool_stop_counting()
    {
        using var grants = new GrantFixture();
        var root = SignedGrant.Sign(GrantOf("boss", "agent", null), grants.Keys.Current);
        var child = SignedGrant.Sign(GrantOf("agent", "helper", root.Grant.Id), grants.Keys.Current);
        var other = SignedGrant.Sign(GrantOf("boss", "clerk", null), grants.Keys.Current);
        _fixture.Grants.Put("t1", GrantSnapshot.Create([root, child, other], []));
        await _fixture.SetAsync("TOOL", name: "admin_reset");
        Assert.Null(await _fixture.CallAsync(delegation: root.Grant.Id));

        await _fixture.CallToolAsync("admin_reset");

        Assert.Equal(Codes.GrantsSuspended, await _fixture.CallAsync(delegation: root.Grant.Id));
        Assert.Equal(Codes.GrantsSuspended, await _fixture.CallAsync(principal: "helper", delegation: child.Grant.Id));
        Assert.Null(await _fixture.CallAsync());
        Assert.Null(await _fixture.CallAsync(principal: "clerk", delegation: other.Grant.Id));
        Assert.Null(await _fixture.CallAsync(principal: "helper"));
    }

    [Fact]
    public async Task A_store_that_fails_denies_and_the_principal_stands_where_the_touch_put_it()
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);
        _fixture.Store.Failure = new IOException("disk");

        Assert.NotNull(await _fixture.CallAsync($$"""{"a":"{{Canary}}"}"""));
        Assert.Equal(Codes.PrincipalSuspended, await _fixture.CallAsync());
    }

    [Fact]
    public async Task A_listener_that_throws_changes_nothing()
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);
        _fixture.Events.Throws = true;

        Assert.Equal(Codes.HoneyTouched, await _fixture.CallAsync($$"""{"a":"{{Canary}}"}"""));
    }

    [Fact]
    public async Task What_cannot_be_put_on_record_or_stored_is_not_done()
    {
        _fixture.Gate.Recorder.Before = _ => throw new IOException("log");
        await Assert.ThrowsAsync<IOException>(() => _fixture.SetAsync("CREDENTIAL", value: Canary));
        Assert.Empty(await _fixture.Store.ReadAsync(default));

        _fixture.Gate.Recorder.Before = null;
        _fixture.Store.Failure = new IOException("disk");
        await Assert.ThrowsAsync<IOException>(() => _fixture.SetAsync("CREDENTIAL", value: Canary));
        Assert.Equal(0, _fixture.Registry.Of("t1").Count);
    }

    [Fact]
    public async Task A_restart_brings_back_tokens_values_and_standings()
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);
        await _fixture.CallAsync($$"""{"a":"{{Canary}}"}""");
        var fresh = new HoneyRegistry();

        await new StoredHoney(_fixture.Store, fresh, _fixture.Cipher, NullLogger<StoredHoney>.Instance).LoadAsync(default);

        Assert.Equal(3, fresh.StandingOf("t1", "agent"));
        var call = Pipeline.GateFixture.Call($$"""{"a":"{{Canary}}"}""");
        Assert.NotNull(fresh.Of("t1").Find(call, new NoTargets()));
    }

    [Fact]
    public async Task What_another_server_set_removed_and_cleared_counts_after_a_reload()
    {
        var (other, token) = (new HoneyRegistry(), await _fixture.SetAsync("CREDENTIAL", value: Canary));
        var stored = new StoredHoney(_fixture.Store, other, _fixture.Cipher, NullLogger<StoredHoney>.Instance);
        await _fixture.CallAsync($$"""{"a":"{{Canary}}"}""");
        await stored.ReloadAsync(default);
        Assert.Equal((1, 3, true), (other.Of("t1").Count, other.StandingOf("t1", "agent"), other.IsAnybodyFlagged));

        await _fixture.ClearAsync("agent");
        await _fixture.Store.RemoveAsync("t1", token.Id, default);
        await stored.ReloadAsync(default);

        Assert.Equal((0, 0, false), (other.Of("t1").Count, other.StandingOf("t1", "agent"), other.IsAnybodyFlagged));
    }

    [Fact]
    public async Task A_touch_that_is_not_stored_yet_outlives_a_reload_and_one_that_is_cleared_elsewhere_does_not()
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);
        var stored = new StoredHoney(_fixture.Store, _fixture.Registry, _fixture.Cipher, NullLogger<StoredHoney>.Instance);
        _fixture.Store.BeforeTrigger = () => stored.ReloadAsync(default);
        await _fixture.CallAsync($$"""{"a":"{{Canary}}"}""");
        Assert.Equal(3, _fixture.Registry.StandingOf("t1", "agent"));

        await stored.ReloadAsync(default);
        Assert.Equal(3, _fixture.Registry.StandingOf("t1", "agent"));

        await _fixture.Store.ClearAsync("t1", "agent", DateTimeOffset.UnixEpoch, "another server", default);
        await stored.ReloadAsync(default);
        Assert.Equal(0, _fixture.Registry.StandingOf("t1", "agent"));
    }

    [Fact]
    public async Task A_touch_that_could_not_be_stored_degrades_at_this_server_until_it_is_cleared()
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);
        var stored = new StoredHoney(_fixture.Store, _fixture.Registry, _fixture.Cipher, NullLogger<StoredHoney>.Instance);
        _fixture.Store.Failure = new IOException("disk");
        await _fixture.CallAsync($$"""{"a":"{{Canary}}"}""");
        _fixture.Store.Failure = null;

        await stored.ReloadAsync(default);
        Assert.Equal(3, _fixture.Registry.StandingOf("t1", "agent"));

        await _fixture.ClearAsync("agent");
        await stored.ReloadAsync(default);
        Assert.Equal(0, _fixture.Registry.StandingOf("t1", "agent"));
    }

    [Fact]
    public async Task A_value_under_another_key_makes_the_server_not_ready()
    {
        await _fixture.SetAsync("CREDENTIAL", value: Canary);
        var key = new byte[32];
        key[0] = 1;
        var stored = new StoredHoney(
            _fixture.Store, new HoneyRegistry(), new HoneyCipher(new FixedHoneyKey(key), new SystemIdSource(_fixture.Gate.Time)), NullLogger<StoredHoney>.Instance);

        await stored.LoadAsync(default);

        Assert.StartsWith(Codes.HoneyUnreadable, stored.NotReadyBecause, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("THING", "x", "/abc/*", null, "token_type")]
    [InlineData("RESOURCE", "", "/abc/*", null, "name")]
    [InlineData("RESOURCE", "a\nb", "/abc/*", null, "name")]
    [InlineData("TOOL", "admin_*", null, null, "name")]
    [InlineData("RESOURCE", "x", null, null, "resource_pattern")]
    [InlineData("RESOURCE", "x", "*", null, "resource_pattern")]
    [InlineData("RESOURCE", "x", "**/*", null, "resource_pattern")]
    [InlineData("RESOURCE", "x", "/a?c/*", null, "resource_pattern")]
    [InlineData("CREDENTIAL", "x", null, "short", "value")]
    [InlineData("CREDENTIAL", "x", null, "with\nline end", "value")]
    public async Task A_token_that_would_watch_for_nothing_or_for_everything_is_refused(string type, string name, string? pattern, string? value, string field)
    {
        var draft = new HoneyDraft { Type = type, Name = name, ResourcePattern = pattern, Value = value };

        var refused = Assert.IsType<HoneyReply<HoneyToken>.Refused>(
            await _fixture.Honey.SetAsync(new Principal { Id = "op", Tenant = "t1" }, draft, default));

        Assert.Equal((Codes.HoneyInvalid, field), (refused.Code, refused.Field));
        Assert.DoesNotContain("short", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removed_token_watches_no_more()
    {
        var token = await _fixture.SetAsync("TOOL", name: "admin_reset");
        var by = new Principal { Id = "op", Tenant = "t1" };

        Assert.IsType<HoneyReply<HoneyToken>.Refused>(await _fixture.Honey.RemoveAsync(by with { Tenant = "t2" }, token.Id, default));
        Assert.Equal(Codes.HoneyTouched, await _fixture.CallToolAsync("admin_reset"));
        Assert.IsType<HoneyReply<HoneyToken>.Done>(await _fixture.Honey.RemoveAsync(by, token.Id, default));
        Assert.Null(await _fixture.CallToolAsync("admin_reset", principal: "other"));
    }

    private static string LogText(LogEntryBody entry) => System.Text.Json.JsonSerializer.Serialize(entry);

    private static Grant GrantOf(string from, string to, string? parent) => new()
    {
        Id = "g_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(from + to)))[..32],
        Tenant = "t1",
        Principal = from,
        Delegate = to,
        Actions = ["*"],
        ResourceScope = ["*"],
        ParentId = parent,
        IssuedAt = GrantFixture.Now,
        ExpiresAt = GrantFixture.Now.AddHours(1),
    };

    private sealed class NoTargets : ICallTargets
    {
        public IReadOnlyList<CallTarget> Of(GateCall call) => [];
    }
}
