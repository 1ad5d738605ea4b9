using AgentGate.Settings;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Settings;

/// <summary>Settings in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfSettingsStore(ITenantContexts contexts) : ISettingsStore
{
    /// <summary>What changes to settings wait for each other by.</summary>
    private const string Changing = "settings";

    public async Task<IReadOnlyList<StoredSetting>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<SettingRow>().AsNoTracking().Where(r => r.Tenant == tenant).OrderBy(r => r.Key).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(r => new StoredSetting(r.Key, r.Value, DateTimeOffset.FromUnixTimeMilliseconds(r.UpdatedAt), r.UpdatedBy))];
    }

    public async Task StoreAsync(string tenant, IReadOnlyCollection<StoredSetting> settings, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, tenant, Changing, cancellationToken);
        var rows = await context.Set<SettingRow>().Where(r => r.Tenant == tenant).ToListAsync(cancellationToken);
        foreach (var setting in settings)
        {
            var row = rows.Find(r => r.Key == setting.Key);
            if (row is null)
            {
                row = new SettingRow { Tenant = tenant, Key = setting.Key };
                context.Add(row);
                rows.Add(row);
            }

            (row.Value, row.UpdatedAt, row.UpdatedBy) = (setting.Value, setting.UpdatedAt.ToUnixTimeMilliseconds(), setting.UpdatedBy);
        }

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
