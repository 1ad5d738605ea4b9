using AgentGate.Audit;
using AgentGate.Budgets;
using AgentGate.Certificates;
using AgentGate.Deception;
using AgentGate.Delegation;
using AgentGate.Keys;
using AgentGate.Limits;
using AgentGate.Pii.Vault;
using AgentGate.Policies.Versions;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Tests.Pii;
using AgentGate.Traces;

namespace AgentGate.Storage.Tests.Conformance;

public sealed class ConformanceIsCompleteTests
{
    [Theory]
    [InlineData(typeof(IAuditLog), typeof(AuditLogConformance))]
    [InlineData(typeof(ITraceStore), typeof(TraceStoreConformance))]
    [InlineData(typeof(IBudgetStore), typeof(BudgetStoreConformance))]
    [InlineData(typeof(IApiKeyStore), typeof(ApiKeyStoreConformance))]
    [InlineData(typeof(IPolicyVersions), typeof(PolicyVersionsConformance))]
    [InlineData(typeof(IGrantStore), typeof(GrantStoreConformance))]
    [InlineData(typeof(IHoneyStore), typeof(HoneyStoreConformance))]
    [InlineData(typeof(ILimitStore), typeof(LimitStoreConformance))]
    [InlineData(typeof(IBudgetLedger), typeof(BudgetLedgerConformance))]
    [InlineData(typeof(ISafetyNodeStore), typeof(SafetyNodeStoreConformance))]
    [InlineData(typeof(IPiiVault), typeof(PiiVaultConformance))]
    public void Every_store_has_a_derived_suite_named_after_it(Type port, Type suite)
    {
        var stores = new[] { typeof(IAuditLog).Assembly, typeof(SqliteDatabase).Assembly, typeof(PostgresDatabase).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsClass && !type.IsAbstract && type.IsAssignableTo(port))
            .SelectMany(Suites)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var suites = GetType().Assembly.GetTypes().Where(type => type.IsSubclassOf(suite)).Select(type => type.Name).Order(StringComparer.Ordinal);

        Assert.NotEmpty(stores);
        Assert.Equal(stores, suites);
    }

    /// <summary>A store that is written once for several databases has a suite for each.</summary>
    private static string[] Suites(Type store)
        => store.GetConstructors().Any(made => made.GetParameters().Any(parameter => parameter.ParameterType == typeof(ITenantContexts)))
            ? [store.Name + "OnSqliteTests", store.Name + "OnPostgresTests"]
            : [store.Name + "Tests"];
}
