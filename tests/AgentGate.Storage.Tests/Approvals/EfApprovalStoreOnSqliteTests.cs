using AgentGate.Approvals;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Storage.Approvals;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Tests.Approvals;

public sealed class EfApprovalStoreOnSqliteTests : ApprovalStoreConformance
{
    private TemporaryDatabase? _database;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private protected override async Task<IApprovalStore> CreateAsync()
        => new EfApprovalStore(
            (_database ??= await TemporaryDatabase.CreateAsync()).Contexts, new IdentityCipher(FixedIdentityKey.From(new byte[32]), new SystemIdSource(TimeProvider.System)));

    private protected override async Task<byte[]?> StoredAsync(string id)
    {
        await using var context = await _database!.Contexts.OpenSystemAsync(default);
        return (await context.Set<ApprovalRow>().SingleAsync(row => row.Id == id)).Content;
    }
}
