using System.Collections.Immutable;
using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Keys;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Security;

/// <summary>Each store and the recorder made to throw, to hang or to answer nonsense: nothing leaves.</summary>
public sealed class BrokenStoreTests
{
    /// <summary>Short where something hangs and is waited for; else long, so that a machine that is busy is not taken for a broken one.</summary>
    private static Dictionary<string, string?> Deadline(string how) => new() { ["AgentGate:Gate:RecordDeadline"] = how == "hangs" ? "00:00:00.800" : "00:00:10" };

    private static ValueTask<T> Broken<T>(string how) => how switch
    {
        "throws" => throw new IOException("the disk is gone"),
        "hangs" => new ValueTask<T>(new TaskCompletionSource<T>().Task),
        _ => ValueTask.FromResult<T>(default!),
    };

    private sealed class Vault(Func<string> how) : IPiiVault
    {
        public ValueTask<PiiAllocation?> TokenizeAsync(PiiSessionKey session, ImmutableArray<PiiValue> values, bool create, CancellationToken cancellationToken)
            => Broken<PiiAllocation?>(how());

        public ValueTask<ImmutableArray<string?>> ReadAsync(PiiSessionKey session, ImmutableArray<string> tokens, CancellationToken cancellationToken)
            => Broken<ImmutableArray<string?>>(how());

        public ValueTask<bool> LinkAsync(PiiResponseLink link, CancellationToken cancellationToken) => Broken<bool>(how());

        public ValueTask<PiiResponseLink?> FindLinkAsync(string tenant, string owner, string responseId, CancellationToken cancellationToken)
            => Broken<PiiResponseLink?>(how());

        public ValueTask EraseAsync(PiiSessionKey session, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<int> PurgeExpiredAsync(CancellationToken cancellationToken) => ValueTask.FromResult(0);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("hangs")]
    [InlineData("answers nothing")]
    public async Task Without_its_vault_no_call_with_a_session_leaves(string how)
    {
        await using var server = await GatewayServer.StartAsync(builder => builder.Services.AddSingleton<IPiiVault>(new Vault(() => how)));
        foreach (var route in Doors.All)
        {
            var (response, _) = await server.PostAsync(route, Doors.Body(route, "my number is 123-45-6789"), "session");
            Assert.False(response.IsSuccessStatusCode);
            Assert.StartsWith("AG", response.Code(), StringComparison.Ordinal);
        }

        Assert.Empty(server.Received.Received);
    }

    private sealed class Keys(Func<string> how) : IApiKeyStore
    {
        public Task AddAsync(ApiKey key, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken) => Broken<ApiKey?>(how()).AsTask();

        public Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ApiKey>>([]);

        public Task<bool> AddOwnedAsync(ApiKey key, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, string ownerId, CancellationToken cancellationToken) => ListAsync(tenant, cancellationToken);

        public Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken) => Task.FromResult(false);

        public Task StoreUsageAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> usage, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [Theory]
    [InlineData("throws", 503)]
    [InlineData("answers nothing", 401)]
    public async Task Without_its_keys_the_server_lets_nobody_in(string how, int status)
    {
        await using var server = await GatewayServer.StartAsync(builder => builder.Services.AddSingleton<IApiKeyStore>(new Keys(() => how)));
        foreach (var route in Doors.All)
        {
            var (response, text) = await server.PostAsync(route, Doors.Body(route));
            Assert.Equal(status, (int)response.StatusCode);
            Assert.DoesNotContain("disk is gone", text, StringComparison.Ordinal);
        }

        Assert.Empty(server.Received.Received);
    }

    private sealed class Log(IAuditLog inner, Func<string?> how) : IAuditLog
    {
        public ValueTask AppendAsync(AuditBatch batch, CancellationToken cancellationToken)
            => how() is "throws" ? throw new IOException("the disk is full") : inner.AppendAsync(batch, cancellationToken);

        public ValueTask FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public ValueTask<IReadOnlyList<StoredLog>> ReadLogsAsync(CancellationToken cancellationToken) => inner.ReadLogsAsync(cancellationToken);

        public ValueTask<IReadOnlyList<StoredEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) => inner.ReadAsync(query, cancellationToken);

        public IAsyncEnumerable<StoredEntry> ReadChainAsync(string tenant, long fromSeq, DateTimeOffset? since, CancellationToken cancellationToken)
            => inner.ReadChainAsync(tenant, fromSeq, since, cancellationToken);

        public ValueTask<IReadOnlyList<LogEntry>> ReadOpenIntentsAsync(CancellationToken cancellationToken) => inner.ReadOpenIntentsAsync(cancellationToken);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_stops_every_door_and_turns_the_server_not_ready_until_it_can()
    {
        string? how = null;
        await using var server = await GatewayServer.StartAsync(builder => Wrap<IAuditLog>(builder, log => new Log(log, () => how)));
        Assert.Equal(200, (int)(await server.Http.GetAsync("/health/ready")).StatusCode);

        how = "throws";
        foreach (var route in Doors.All)
        {
            var (response, text) = await server.PostAsync(route, Doors.Body(route));
            Doors.AssertError(route, response, text, Codes.IntentNotRecorded);
            Assert.Equal(503, (int)response.StatusCode);
        }

        Assert.Empty(server.Received.Received);
        Assert.Equal(503, (int)(await server.Http.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(200, (int)(await server.Http.GetAsync("/health/live")).StatusCode);

        how = null;
        Assert.True((await server.PostAsync(Doors.Chat, Doors.Body(Doors.Chat))).Response.IsSuccessStatusCode);
        Assert.Equal(200, (int)(await server.Http.GetAsync("/health/ready")).StatusCode);
    }

    private sealed class Recorder(IDecisionRecorder inner, Func<(EntryKind Kind, string How)> broken) : IDecisionRecorder
    {
        public ValueTask<CertificateSeal?> AppendAsync(DecisionRecord record, CancellationToken cancellationToken)
            => record.Entry.Kind != broken().Kind ? inner.AppendAsync(record, cancellationToken)
                : broken().How == "throws" ? throw new IOException("gone")
                : new ValueTask<CertificateSeal?>(new TaskCompletionSource<CertificateSeal?>().Task);
    }

    [Theory]
    [InlineData("throws")]
    [InlineData("hangs")]
    public async Task Without_its_recorder_nothing_leaves_and_nothing_comes_back(string how)
    {
        var broken = (EntryKind.Intent, how);
        await using var server = await GatewayServer.StartAsync(
            builder => Wrap<IDecisionRecorder>(builder, recorder => new Recorder(recorder, () => broken)), Deadline(how));
        foreach (var route in Doors.All)
        {
            var (response, text) = await server.PostAsync(route, Doors.Body(route));
            Doors.AssertError(route, response, text, Codes.IntentNotRecorded);
        }

        Assert.Empty(server.Received.Received);
        broken = (EntryKind.Outcome, how);
        foreach (var route in Doors.All)
        {
            var (response, text) = await server.PostAsync(route, Doors.Body(route, "the-secret-words"));
            Doors.AssertError(route, response, text, Codes.OutcomeNotRecorded);
            Assert.DoesNotContain("the-secret-words", text, StringComparison.Ordinal);
        }

        foreach (var route in Doors.Answering)
        {
            var (_, text) = await server.PostAsync(route, Doors.Body(route, "hello", stream: true));
            Assert.Contains(Codes.OutcomeNotRecorded, text, StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
            Assert.DoesNotContain("message_stop", text, StringComparison.Ordinal);
            Assert.DoesNotContain("response.completed", text, StringComparison.Ordinal);
        }
    }

    private static void Wrap<T>(WebApplicationBuilder builder, Func<T, T> wrap)
        where T : class
    {
        var service = builder.Services.Last(s => s.ServiceType == typeof(T));
        builder.Services.AddSingleton(provider => wrap((T?)service.ImplementationInstance
            ?? (T?)service.ImplementationFactory?.Invoke(provider)
            ?? (T)ActivatorUtilities.CreateInstance(provider, service.ImplementationType!)));
    }
}
