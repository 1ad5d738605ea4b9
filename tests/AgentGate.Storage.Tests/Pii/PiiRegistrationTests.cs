using AgentGate.Pii;
using AgentGate.Pii.Detection;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;
using AgentGate.Storage.Pii;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Storage.Tests.Pii;

public sealed class PiiRegistrationTests
{
    [Fact]
    public void The_guard_stands_in_its_place_on_both_sides()
    {
        using var provider = Services().AddPii().BuildServiceProvider();

        var guard = Assert.Single(provider.GetServices<GuardDescriptor>());
        Assert.Equal(("Pii", GuardOrder.Pii), (guard.Name, guard.Order));
        Assert.Same(guard.Request, guard.Response);
        Assert.False(guard.FailOpen || guard.Shadow);
        Assert.IsType<InMemoryPiiVault>(provider.GetRequiredService<IPiiVault>());
        Assert.NotNull(provider.GetRequiredService<IRestoreFacts>());
        Assert.NotNull(provider.GetRequiredService<IRawBinding>());
        Assert.NotNull(provider.GetRequiredService<IResponseLinks>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_stored_vault_takes_the_place_of_the_one_in_memory(bool before)
    {
        var services = Services().AddSingleton(new SqliteDatabase("unused.db")).AddSingleton<IMasterKeySource, NoMasterKey>();
        services = before ? services.AddSqlitePiiVault().AddPii() : services.AddPii().AddSqlitePiiVault();
        using var provider = services.BuildServiceProvider();

        Assert.IsType<SqlitePiiVault>(provider.GetRequiredService<IPiiVault>());
    }

    private static IServiceCollection Services()
        => new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IIdSource, SystemIdSource>()
            .AddSingleton<IPiiScanner, BlindScanner>();

    private sealed class BlindScanner : IPiiScanner
    {
        public void Scan(ReadOnlySpan<char> text, List<PiiMatch> matches)
        {
        }
    }

    private sealed class NoMasterKey : IMasterKeySource
    {
        public ReadOnlyMemory<byte> MasterKey => default;
    }
}
