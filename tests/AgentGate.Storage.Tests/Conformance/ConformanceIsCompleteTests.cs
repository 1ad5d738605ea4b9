using AgentGate.Alerts;
using AgentGate.Audit;
using AgentGate.Budgets;
using AgentGate.Certificates;
using AgentGate.Deception;
using AgentGate.Delegation;
using AgentGate.Guardrails;
using AgentGate.Identity;
using AgentGate.Keys;
using AgentGate.Limits;
using AgentGate.Pii.Vault;
using AgentGate.Policies.Versions;
using AgentGate.Settings;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Tests.Pii;
using AgentGate.Threats.Behaviour;
using AgentGate.Traces;
using AgentGate.Transactions;

namespace AgentGate.Storage.Tests.Conformance;

public sealed class ConformanceIsCompleteTests
{
    /// <summary>Each port of a store, and the suite that every backend must derive.</summary>
    private static readonly (Type Port, Type Suite)[] Suites =
    [
        (typeof(IAuditLog), typeof(AuditLogConformance)),
        (typeof(ISharedAuditLog), typeof(SharedAuditLogConformance)),
        (typeof(ILogTiles), typeof(LogTilesConformance)),
        (typeof(ICertificateStore), typeof(CertificateStoreConformance)),
        (typeof(ITraceStore), typeof(TraceStoreConformance)),
        (typeof(IBudgetStore), typeof(BudgetStoreConformance)),
        (typeof(IApiKeyStore), typeof(ApiKeyStoreConformance)),
        (typeof(IPolicyVersions), typeof(PolicyVersionsConformance)),
        (typeof(IGrantStore), typeof(GrantStoreConformance)),
        (typeof(IHoneyStore), typeof(HoneyStoreConformance)),
        (typeof(ILimitStore), typeof(LimitStoreConformance)),
        (typeof(IGuardrailStore), typeof(GuardrailStoreConformance)),
        (typeof(IBudgetLedger), typeof(BudgetLedgerConformance)),
        (typeof(ISafetyNodeStore), typeof(SafetyNodeStoreConformance)),
        (typeof(IPasskeys), typeof(PasskeysConformance)),
        (typeof(IIdentityLinks), typeof(IdentityLinksConformance)),
        (typeof(IPiiPermissionStore), typeof(PiiPermissionStoreConformance)),
        (typeof(ISettingsStore), typeof(SettingsStoreConformance)),
        (typeof(IPiiVault), typeof(PiiVaultConformance)),
        (typeof(IUserDirectory), typeof(UserDirectoryConformance)),
        (typeof(ISignInSessionStore), typeof(SignInSessionStoreConformance)),
        (typeof(IOneTimeRecords), typeof(OneTimeRecordsConformance)),
        (typeof(IAttempts), typeof(AttemptsConformance)),
        (typeof(IActOrigins), typeof(ActOriginsConformance)),
        (typeof(ITokenKeyStore), typeof(TokenKeyStoreConformance)),
        (typeof(IBlockedAddressStore), typeof(BlockedAddressStoreConformance)),
        (typeof(IAlertStore), typeof(AlertStoreConformance)),
        (typeof(ITransactionStore), typeof(TransactionStoreConformance)),
    ];

    /// <summary>What backends implement beside: parts of a port, or what one profile alone has, with the reason.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["IChangeFeed"] = "the cluster's alone: ChangeFeedTests",
        ["IEvidenceMasterKey"] = "a key, not a store",
        ["ISharedAppend"] = "a part of ISharedAuditLog",
        ["ISharedCheckpoints"] = "the cluster's alone: PostgresCheckpointsTests",
        ["ILimitSeat"] = "the cluster's alone: RedisLossTests",
        ["ICheckpointTurn"] = "a part of ISharedCheckpoints",
        ["ISharedStore"] = "what health asks; its answers are tested where the stores are killed",
    };

    public static TheoryData<Type, Type> Ports => [.. Suites.Select(item => new TheoryDataRow<Type, Type>(item.Port, item.Suite))];

    [Theory]
    [MemberData(nameof(Ports))]
    public void Every_store_has_a_derived_suite_named_after_it(Type port, Type suite)
    {
        var stores = new[] { typeof(IAuditLog).Assembly, typeof(SqliteDatabase).Assembly, typeof(PostgresDatabase).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(port))
            .SelectMany(SuitesOf)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var suites = GetType().Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(suite)).Select(type => type.Name).Order(StringComparer.Ordinal);

        Assert.NotEmpty(stores);
        Assert.Equal(stores, suites);
    }

    [Fact]
    public void Every_port_that_a_backend_implements_has_a_suite_or_a_reason_for_none()
    {
        var core = typeof(IAuditLog).Assembly;
        var ports = new[] { typeof(SqliteDatabase).Assembly, typeof(PostgresDatabase).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsClass && !type.IsAbstract)
            .SelectMany(type => type.GetInterfaces())
            .Where(port => port.Assembly == core)
            .Distinct();

        Assert.Empty(ports.Where(port => Suites.All(item => item.Port != port) && !Others.ContainsKey(port.Name)).Select(port => port.Name).Order(StringComparer.Ordinal));
    }

    /// <summary>A store that is written once for several databases has a suite for each.</summary>
    private static string[] SuitesOf(Type store)
        => store.GetConstructors().Any(made => made.GetParameters().Any(parameter => parameter.ParameterType == typeof(ITenantContexts)))
            ? [store.Name + "OnSqliteTests", store.Name + "OnPostgresTests"]
            : [store.Name + "Tests"];
}
