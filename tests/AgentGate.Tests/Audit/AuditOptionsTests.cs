using AgentGate.Audit;

namespace AgentGate.Tests.Audit;

public sealed class AuditOptionsTests
{
    [Fact]
    public void The_defaults_are_valid()
        => Assert.Empty(new AuditOptions().Problems());

    [Fact]
    public void Each_option_out_of_bounds_is_named()
    {
        var problems = new AuditOptions
        {
            Durability = (AuditDurability)7,
            MaxBatch = 0,
            QueueCapacity = 0,
            QueueDeadline = TimeSpan.Zero,
            SyncInterval = TimeSpan.FromSeconds(2),
            MaxTraces = 0,
            InstanceLease = TimeSpan.Zero,
            InMemoryEntries = 0,
            InMemoryCertificates = 0,
        }.Problems();

        Assert.All(typeof(AuditOptions).GetProperties(), p => Assert.Single(problems, f => f.Contains("." + p.Name + " ", StringComparison.Ordinal)));
    }
}
