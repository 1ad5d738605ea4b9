namespace AgentGate.Architecture.Tests;

/// <summary>The words folders may bear, and the few edges between them. A change here needs an ADR (0001).</summary>
internal static class SliceTable
{
    /// <summary>A capability is one of these names, repeated in every project where it has something to say.</summary>
    public static IReadOnlySet<string> Slices { get; } = Names(
        "Policies Delegation Certificates Plans Audit Pii Threats Limits Budgets Costs Approvals Guardrails Cache "
        + "Transactions Providers Datasets Traces Tools Deception Identity Keys Setup Settings Alerts Events Compliance "
        + "Witness Playground");

    /// <summary>Folders that are not slices and name no slice, per project: what every slice may use.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Shared { get; } =
        new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
        {
            ["src/AgentGate"] = Names("Pipeline Content Diagnostics"),
            ["src/AgentGate.Kernel"] = Names("Admissibility Canonical Certificates Decisions Delegation Plans Signing Transparency"),
            ["src/AgentGate.Cedar"] = Names("Syntax Schema Entities Validation Evaluation Authorization Formatting Analysis"),
            ["src/AgentGate.Client"] = Names("Health Json"),
            ["src/AgentGate.Storage"] = Names("Migrations"),
            ["src/AgentGate.Storage.Cluster"] = Names("Connections Migrations"),
            ["src/AgentGate.Server"] = Names("Access Health Properties wwwroot"),
            ["src/AgentGate.Dashboard"] = Names("Layout Properties wwwroot"),
        };

    /// <summary>Doors translate and contain no checks; the slices each one may name are listed.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Doors { get; } =
        new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
        {
            ["src/AgentGate/Chat"] = Names("Tools Transactions"),
            ["src/AgentGate.Server/Gateway"] = Names("Providers"),
        };

    /// <summary>Folders that put the parts together and may therefore name every slice, as the files in a project's root may.</summary>
    public static IReadOnlySet<string> CompositionRoots { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "src/AgentGate.Server/Hosting" };

    /// <summary>Edges between slices that were decided, with the reason.</summary>
    public static IReadOnlyDictionary<(string Project, string From, string To), string> Edges { get; } =
        new Dictionary<(string, string, string), string>
        {
            [("src/AgentGate.Storage", "Audit", "Traces")] = "the last entry of a call and its trace are one transaction: both or neither",
            [("src/AgentGate.Storage", "Audit", "Budgets")] = "an entry and the money it reserves or charges are one transaction: both or neither",
            [("src/AgentGate.Storage", "Audit", "Certificates")] = "an entry and the certificate it names are one transaction: both or neither",
            [("src/AgentGate.Storage", "Certificates", "Audit")] = "certificates are stored by statements of the log's own connection",
            [("src/AgentGate.Storage", "Transactions", "Certificates")] = "what steps got and gave is encrypted as evidence is, under the same master key (ADR 0039)",
            [("src/AgentGate.Storage", "Budgets", "Audit")] = "the postings run as statements of the log's own connection",
            [("src/AgentGate.Storage.Cluster", "Audit", "Budgets")] = "an entry and the money it reserves or charges are one transaction: both or neither",
            [("src/AgentGate.Storage.Cluster", "Audit", "Traces")] = "the last entry of a call and its trace are one transaction: both or neither",
            [("src/AgentGate.Storage.Cluster", "Audit", "Certificates")] = "an entry and the certificate it names are one transaction: both or neither",
            [("src/AgentGate.Storage.Cluster", "Certificates", "Audit")] = "certificates are rows of the log's own transaction",
            [("src/AgentGate.Storage.Cluster", "Traces", "Audit")] = "traces are rows of the log's own transaction",
            [("src/AgentGate", "Threats", "Identity")] = "failed sign-ins of an address are counted where all attempts are, exactly over all servers",
            [("src/AgentGate.Storage", "Threats", "Identity")] = "blocked addresses are personal and encrypted as everything of people is",
            [("src/AgentGate.Storage", "Approvals", "Identity")] = "what a person is shown of a held call, and why people decided, is encrypted as everything of people is",
            [("src/AgentGate.Storage", "Alerts", "Identity")] = "alerts hold addresses and accounts and are encrypted as everything of people is",
            [("src/AgentGate.Server", "Threats", "Identity")] = "blocking an address is an act on record, with where it came from beside it",
            [("src/AgentGate.Server", "Certificates", "Audit")] = "having a certificate verified and erasing evidence are acts of the log, and are read by its query rules",
            [("src/AgentGate.Server", "Traces", "Audit")] = "traces and log entries are read by the same query rules and fail the same way",
            [("src/AgentGate.Server", "Playground", "Providers")] = "guards are skipped towards the built-in demo provider alone, and the page shows what that one received (ADR 0016)",
            [("src/AgentGate.Server", "Keys", "Identity")] = "a key is made by a signed-in user within the user's role, and goes on record as the user's act (ADR 0033)",
            [("src/AgentGate.Server", "Settings", "Identity")] = "changing a setting goes on record as the user's act (ADR 0033)",
            [("src/AgentGate.Server", "Setup", "Identity")] = "the setup makes the first user by the rules of every other",
            [("src/AgentGate.Server", "Setup", "Keys")] = "the setup may make the first API key",
            [("src/AgentGate.Client", "Traces", "Audit")] = "a trace shows verdicts and targets in the wire form of its log entries",
        };

    /// <summary>Namespaces that extension methods may use although their folder says otherwise, so that callers find them.</summary>
    public static IReadOnlySet<string> ExtensionNamespaces { get; } =
        new HashSet<string>(StringComparer.Ordinal) { "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.AI" };

    /// <summary>First-level folders of test projects beside slices and the folders of the project they test.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> TestFolders { get; } =
        new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal)
        {
            ["tests/AgentGate.Architecture.Tests"] = Names("PublicApi Source"),
            ["tests/AgentGate.Cedar.Tests"] = Names("Conformance Laws"),
            ["tests/AgentGate.Kernel.Tests"] = Names("Agreement Vectors Laws"),
            ["tests/AgentGate.Tests"] = Names("Fakes"),
            ["tests/AgentGate.Storage.Tests"] = Names("Cluster Conformance Demo Fakes Loopback"),
            ["tests/AgentGate.E2E.Tests"] = Names("Playground Identity"),
            ["tests/AgentGate.Integration.Tests"] = Names(
                "Anthropic Cluster Concurrency Doors FailClosed Fakes Clients Fixtures Gateway Health Hosting Matrix Npm OpenAi Recovery Routes Sdk Security Streams Streaming Telemetry Isolation npm"),
        };

    private static HashSet<string> Names(string words) => new(words.Split(' '), StringComparer.Ordinal);
}
