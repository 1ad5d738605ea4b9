using AgentGate.Budgets;
using AgentGate.Chat;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Certificates;

/// <summary>The SDK's proofs: every decision carries one, it verifies in the process that issued it, and it never gets in the way.</summary>
public sealed class CertifiedClientTests
{
    [Fact]
    public async Task An_answer_carries_a_certificate_that_verifies_in_the_process_that_issued_it()
    {
        await using var setup = new Setup();
        Assert.Null(setup.Client.LastCertificate());
        Assert.Null(await setup.Client.VerifyLastCertificateAsync());

        await setup.Client.GetResponseAsync("Hello");

        var certificate = setup.Client.LastCertificate()!.Read();
        Assert.Equal(
            (DecisionKind.Allow, AdmissibilityResult.Admissible, ProofType.ConstructiveTrace, CertificateMode.Enforced),
            (certificate.Decision, certificate.Result, certificate.ProofType, certificate.Mode));
        Assert.All(certificate.Predicates, predicate => Assert.Equal(PredicateValue.Holds, predicate.Value));
        await setup.VerifyAsync();
    }

    [Fact]
    public async Task A_denial_by_a_forbid_carries_its_counterexample()
    {
        await using var setup = new Setup(policies => policies.Forbid.Add(new PolicyRule { Action = "callModel", Resource = "m" }));

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => setup.Client.GetResponseAsync("Hello"));

        Assert.Equal(Codes.Forbidden, denied.Code);
        Assert.Same(setup.Client.LastCertificate(), denied.Certificate);
        var certificate = denied.Certificate!.Read();
        Assert.Equal((DecisionKind.Deny, AdmissibilityResult.Inadmissible, ProofType.Counterexample), (certificate.Decision, certificate.Result, certificate.ProofType));
        Assert.Equal(Predicate.NotDenyExists, Assert.Single(certificate.FailedPredicates));
        Assert.Equal("AgentGate:Policies:Forbid:0", certificate.Matched!.Policy);
        Assert.Empty(setup.Provider.Sent);
        await setup.VerifyAsync();
    }

    [Fact]
    public async Task Without_a_permit_the_proof_is_the_smallest_set_that_fails()
    {
        await using var setup = new Setup(policies => policies.UseShippedDefault = false);

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => setup.Client.GetResponseAsync("Hello"));

        var certificate = denied.Certificate!.Read();
        Assert.Equal(ProofType.UnsatCore, certificate.ProofType);
        Assert.Equal([Predicate.PermitExists], certificate.UnsatCore!.Value);
        await setup.VerifyAsync();
    }

    [Fact]
    public async Task Without_a_principal_the_call_is_denied_before_the_theorem_is_asked()
    {
        await using var setup = new Setup(governed: options => options.PrincipalId = _ => "");

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => setup.Client.GetResponseAsync("Hello"));

        Assert.Equal(Codes.UnknownPrincipal, denied.Code);
        var certificate = denied.Certificate!.Read();
        Assert.Equal((AdmissibilityResult.NotEvaluated, ProofType.None), (certificate.Result, certificate.ProofType));
        await setup.VerifyAsync();
    }

    [Fact]
    public async Task Each_call_replaces_the_last_certificate_and_a_handler_that_throws_changes_nothing()
    {
        var heard = new List<string>();
        await using var setup = new Setup(services: services => services.Configure<GateOptions>(options => options.CertificateIssued = certificate =>
        {
            heard.Add(certificate.DecisionId);
            throw new InvalidOperationException("the application's own fault");
        }));

        await setup.Client.GetResponseAsync("Hello");
        var first = setup.Client.LastCertificate()!.DecisionId;
        await setup.Client.GetResponseAsync("Hello again");
        var second = setup.Client.LastCertificate()!.DecisionId;

        Assert.NotEqual(first, second);
        Assert.Equal([first, second], heard);
        Assert.Equal(2, setup.Provider.Sent.Count);
    }

    [Fact]
    public async Task In_shadow_mode_the_call_runs_and_the_violation_is_on_record()
    {
        await using var setup = new Setup(
            policies => policies.Forbid.Add(new PolicyRule { Action = "callModel" }),
            services: services => services.Configure<GateOptions>(options => options.Shadow.Add("Admissibility")));

        await setup.Client.GetResponseAsync("Hello");

        Assert.Single(setup.Provider.Sent);
        var certificate = setup.Client.LastCertificate()!.Read();
        Assert.Equal(
            (CertificateMode.Shadow, DecisionKind.Allow, AdmissibilityResult.Inadmissible), (certificate.Mode, certificate.Decision, certificate.Result));
        await setup.VerifyAsync();
    }

    [Fact]
    public async Task What_cannot_be_certified_does_not_happen()
    {
        await using var setup = new Setup(services: services => services.AddSingleton<IDecisionCertifier>(new Broken()));

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => setup.Client.GetResponseAsync("Hello"));

        Assert.Equal(Codes.CertificateNotMade, denied.Code);
        Assert.Null(denied.Certificate);
        Assert.Empty(setup.Provider.Sent);
    }

    [Fact]
    public async Task An_obligation_is_met_by_the_servers_records_and_by_nothing_else()
    {
        void Demand(PolicyOptions policies)
        {
            policies.UseShippedDefault = false;
            policies.Inline.Add("""@id("careful") @obligation("mfa_required") permit (principal, action, resource);""");
        }

        await using var bare = new Setup(Demand);
        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => bare.Client.GetResponseAsync("mfa_verified: true"));
        Assert.Equal(Codes.MfaRequired, denied.Code);
        Assert.Equal([Predicate.ObligationsMet], denied.Certificate!.Read().UnsatCore!.Value);
        await bare.VerifyAsync();

        await using var attested = new Setup(Demand, services: services => services.AddSingleton<IAttestedFacts>(new SecondFactor()));
        await attested.Client.GetResponseAsync("Hello");
        Assert.Single(attested.Provider.Sent);
        await attested.VerifyAsync();
    }

    [Fact]
    public async Task Setting_obligations_count_like_those_of_policies()
    {
        await using var setup = new Setup(services: services => services.Configure<AdmissibilityOptions>(options =>
            options.Obligations.Add(new ObligationRule { Action = "callModel", Obligation = "preview_confirm_required" })));

        var denied = await Assert.ThrowsAsync<AgentGateDeniedException>(() => setup.Client.GetResponseAsync("Hello"));

        Assert.Equal(Codes.PreviewConfirmRequired, denied.Code);
        await setup.VerifyAsync();
    }

    [Fact]
    public async Task Calls_side_by_side_each_get_their_own()
    {
        var heard = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();
        await using var setup = new Setup(services: services => services.Configure<GateOptions>(options =>
            options.CertificateIssued = certificate => heard[certificate.DecisionId] = certificate.Read().CallId));

        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(() => setup.Client.GetResponseAsync($"Hello {i}"))));

        Assert.Equal(32, heard.Count);
        Assert.Equal(32, heard.Values.Distinct().Count());
        Assert.Contains(setup.Client.LastCertificate()!.DecisionId, heard.Keys);
        await setup.VerifyAsync();
    }

    [Fact]
    public async Task An_application_can_do_without()
    {
        await using var setup = new Setup(services: services => services.Configure<GateOptions>(options => options.Certificates = false));

        await setup.Client.GetResponseAsync("Hello");

        Assert.Null(setup.Client.LastCertificate());
        Assert.Single(setup.Provider.Sent);
    }

    [Fact]
    public async Task A_certificate_and_its_bundle_hold_nothing_of_what_was_said()
    {
        await using var setup = new Setup();

        await setup.Client.GetResponseAsync("My SSN is 123-45-6789");

        Assert.DoesNotContain("123-45-6789", System.Text.Encoding.UTF8.GetString(setup.Client.LastCertificate()!.ToJson()), StringComparison.Ordinal);
        await setup.VerifyAsync();
    }

    private sealed class Broken : IDecisionCertifier
    {
        public CertifiedDecision Certify(DecisionFacts facts) => throw new IOException("broken for the test");
    }

    private sealed class SecondFactor : IAttestedFacts
    {
        public ValueTask<System.Collections.Immutable.ImmutableArray<Attestation>> OfAsync(GateCall call, CallScope scope, CancellationToken cancellationToken)
            => new([new Attestation(Obligations.MfaRequired, DateTimeOffset.FromUnixTimeMilliseconds(call.Context.At.ToUnixTimeMilliseconds()), call.Principal.Id)]);
    }

    /// <summary>A governed client over a scripted provider, as an application puts it together.</summary>
    private sealed class Setup : IAsyncDisposable
    {
        private readonly ServiceProvider _services;

        public Setup(
            Action<PolicyOptions>? policies = null, Action<IServiceCollection>? services = null, Action<GovernedChatOptions>? governed = null)
        {
            var collection = new ServiceCollection();
            services?.Invoke(collection);
            collection.AddAgentGate();
            collection.Configure<PolicyOptions>(options =>
            {
                options.UseShippedDefault = true;
                policies?.Invoke(options);
            });
            collection.Configure<BudgetOptions>(budgets => budgets.Prices["*"] = new PriceOptions { Input = 0, Output = 0 });
            _services = collection.BuildServiceProvider();
            Client = Provider.AsBuilder().UseAgentGate(options =>
            {
                options.ModelId = "m";
                governed?.Invoke(options);
            }).Build(_services);
        }

        public EchoProvider Provider { get; } = new();

        public IChatClient Client { get; }

        /// <summary>Nothing failed, and the decision was executed anew wherever there was anything to execute.</summary>
        public async Task VerifyAsync()
        {
            var report = (await Client.VerifyLastCertificateAsync())!;
            Assert.True(report.Valid, string.Join('\n', report.Steps.Select(step => $"{step.Name}: {step.Outcome} {step.Explanation}")));
            Assert.True(report.HasBundle);
            Assert.Equal(report.Certificate!.AlphaHash is not null, report.ReExecuted);
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await _services.DisposeAsync();
        }
    }

    /// <summary>Says back what it got, and remembers it.</summary>
    private sealed class EchoProvider : IChatClient
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Sent { get; } = new();

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var text = messages.Last().Text;
            Sent.Enqueue(text);
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "You said: " + text)));
        }

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => throw new NotSupportedException();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
