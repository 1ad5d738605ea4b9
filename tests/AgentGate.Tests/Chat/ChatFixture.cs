using AgentGate.Chat;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Pii;
using AgentGate.Pii.Detection;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Chat;

/// <summary>A gate with the default guards and a record in memory, put together by hand, and a client behind it.</summary>
internal sealed class ChatFixture
{
    public ChatFixture(PolicyOptions? policies = null)
    {
        Policies = policies ?? new PolicyOptions { UseShippedDefault = true };
        var catalog = new ToolCatalog(Options.Create(new ToolOptions()));
        var registry = PoliciesServiceCollectionExtensions.Configured(Policies);
        var admissibility = new AdmissibilityGuard(
            registry, new PolicyEntities(catalog), catalog, new PolicyMetrics(), NullLogger<AdmissibilityGuard>.Instance, new KnowledgeEpochs(new AgentGate.Kernel.Admissibility.AdmissibilitySettings()));
        var unread = new UnreadGuard(Options.Create(Policies));
        var vaultOptions = Options.Create(new PiiVaultOptions());
        var vault = new InMemoryPiiVault(vaultOptions, Time, Ids);
        var pii = new PiiGuard(new PiiSearch(new PiiScanner(new PiiOptions())), new PiiSessions(vault, Ids), vaultOptions, catalog);
        Gate = new Gate(
            [
                new GuardDescriptor("Identity", GuardOrder.Identity) { Request = new IdentityGuard() },
                new GuardDescriptor("Admissibility", GuardOrder.Admissibility) { Request = admissibility },
                new GuardDescriptor("Unread", GuardOrder.Unread) { Request = unread, Response = unread },
                new GuardDescriptor("Tools", GuardOrder.Tools) { Request = new ToolGuard() },
                new GuardDescriptor("Pii", GuardOrder.Pii) { Request = pii, Response = pii },
            ],
            Record,
            new GateOptions(),
            Ids,
            Time,
            new GateMetrics(),
            NullLogger<Gate>.Instance,
            new PiiRawBinding())
        {
            Tools = catalog,
        };
        Door = new ChatDoor(
            Gate, new ToolCallDoor(Gate, Ids, Time, new PiiRestoreFacts()), new PiiResponseLinks(vault), Ids, Time, new GateMetrics());
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public IIdSource Ids { get; } = new SystemIdSource(TimeProvider.System);

    public PolicyOptions Policies { get; }

    public Gate Gate { get; }

    public ChatDoor Door { get; }

    public MemoryRecord Record { get; } = new();

    /// <summary>A governed client over another.</summary>
    public IChatClient Govern(IChatClient inner, Action<GovernedChatOptions>? configure = null)
    {
        var options = new GovernedChatOptions { ModelId = "m" };
        configure?.Invoke(options);
        return new GovernedChatClient(inner, Door, options);
    }

    /// <summary>What was put on record, in order.</summary>
    internal sealed class MemoryRecord : IDecisionRecorder
    {
        public List<LogEntryBody> Entries { get; } = [];

        public List<CallTrace> Traces { get; } = [];

        /// <summary>The kinds of the entries, with the outcome's word where there is one.</summary>
        public string Story => string.Join(' ', Entries.Select(entry => entry.Outcome is { } outcome ? $"{entry.Kind}:{outcome}" : $"{entry.Kind}"));

        public ValueTask<CertificateSeal?> AppendAsync(DecisionRecord record, CancellationToken cancellationToken)
        {
            Entries.Add(record.Entry);
            if (record.Trace is { } trace)
            {
                Traces.Add(trace);
            }

            return default;
        }
    }
}
