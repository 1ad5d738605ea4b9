using AgentGate.Pii.Vault;

namespace AgentGate.Storage.Tests.Pii;

public sealed class InMemoryPiiVaultTests : PiiVaultConformance
{
    private InMemoryPiiVault? _vault;

    private protected override IPiiVault Open() => _vault ??= new InMemoryPiiVault(Configured, Time, Ids);
}
