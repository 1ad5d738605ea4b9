namespace AgentGate.Architecture.Tests;

/// <summary>Who may reference whom. The table of docs/architecture.md; a change here needs an ADR (0001).</summary>
internal static class ProjectTable
{
    private static readonly string[] Anything = ["*"];
    private static readonly string[] EntityFramework =
        ["Microsoft.EntityFrameworkCore", "Microsoft.Data.Sqlite", "SQLitePCLRaw", "Microsoft.AspNetCore.Identity.EntityFrameworkCore"];

    private static readonly string[] SdkAbstractions =
    [
        "=Microsoft.Extensions.AI", "=Microsoft.Extensions.AI.Abstractions",
        "=Microsoft.Extensions.DependencyInjection.Abstractions",
        "=Microsoft.Extensions.Options", "=Microsoft.Extensions.Logging.Abstractions",
    ];

    /// <summary>Packages every project gets at build time; they reach nobody at run time.</summary>
    public static IReadOnlyList<string> BuildOnlyPackages { get; } =
        ["Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.NET.ILLink.Tasks"];

    /// <summary>The kernel's one package, and what it brings: Ed25519, which the framework lacks.</summary>
    public static IReadOnlyList<string> Ed25519Packages { get; } = ["NSec.Cryptography", "libsodium"];

    public static IReadOnlyDictionary<string, Row> Source { get; } = new Dictionary<string, Row>(StringComparer.Ordinal)
    {
        ["AgentGate.Cedar"] = new([], []),
        ["AgentGate.Kernel"] = new(["AgentGate.Cedar"], ["=NSec.Cryptography"]),
        ["AgentGate"] = new(
            ["AgentGate.Kernel"], [.. SdkAbstractions, "=Microsoft.ML.Tokenizers", "=Microsoft.ML.Tokenizers.Data.O200kBase", "=Polly.Core"]),
        ["AgentGate.Client"] = new(["AgentGate.Kernel"], []),
        ["AgentGate.Storage"] = new(["AgentGate"], EntityFramework),
        ["AgentGate.Storage.Cluster"] = new(["AgentGate.Storage"], ["Npgsql", "=StackExchange.Redis", "=Microsoft.EntityFrameworkCore.Design"]),
        ["AgentGate.Mcp"] = new(["AgentGate", "AgentGate.Client"], ["ModelContextProtocol"]),
        ["AgentGate.Dashboard"] = new(["AgentGate", "AgentGate.Client"], ["Microsoft.FluentUI.AspNetCore.Components"]) { AspNetCore = true },
        ["AgentGate.Server"] = new(
            [
                "AgentGate.Cedar", "AgentGate.Kernel", "AgentGate", "AgentGate.Client", "AgentGate.Storage",
                "AgentGate.Storage.Cluster", "AgentGate.Mcp", "AgentGate.Dashboard",
            ],
            Anything) { AspNetCore = true },
        ["AgentGate.Cli"] = new(
            ["AgentGate.Cedar", "AgentGate", "AgentGate.Client", "AgentGate.Kernel", "AgentGate.Mcp", "AgentGate.Storage", "AgentGate.Storage.Cluster"],
            Anything) { AspNetCore = true },
    };

    /// <summary>One row of the table.</summary>
    /// <param name="Projects">The projects it may reference.</param>
    /// <param name="Packages">The packages it may reference: by prefix, or exactly with <c>=</c>, or all with <c>*</c>.</param>
    internal sealed record Row(string[] Projects, string[] Packages)
    {
        public bool AspNetCore { get; init; }

        public bool MayUse(string package) => Packages.Any(allowed => allowed switch
        {
            "*" => true,
            ['=', ..] => allowed.AsSpan(1).SequenceEqual(package),
            _ => package == allowed || package.StartsWith(allowed + ".", StringComparison.Ordinal),
        });
    }
}
