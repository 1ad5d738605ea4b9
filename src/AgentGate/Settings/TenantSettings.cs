using System.Collections.Concurrent;
using System.Text.Json;
using AgentGate.Pipeline;

namespace AgentGate.Settings;

/// <summary>The settings of tenants as they are now: in this process at once, in another within a second. Thread-safe.</summary>
internal sealed class TenantSettings(ISettingsStore store, IKnowledgeAge? age = null) : IFollowChanges, IOrganizations
{
    private const int TenantsMax = 10_000;

    private readonly ConcurrentDictionary<string, IReadOnlyList<StoredSetting>> _found = new(StringComparer.Ordinal);
    private int _changes;

    public string Topic => ChangeTopics.Settings;

    /// <summary>What was changed in a tenant, by name.</summary>
    public async ValueTask<IReadOnlyList<StoredSetting>> OfAsync(string tenant, CancellationToken cancellationToken)
    {
        if (_found.TryGetValue(tenant, out var found) && age?.IsTooOld is not true)
        {
            return found;
        }

        // What was read before a change must not be kept after it.
        var before = Volatile.Read(ref _changes);
        found = await store.ListAsync(tenant, cancellationToken);
        if (_found.Count >= TenantsMax)
        {
            _found.Clear();
        }

        _found[tenant] = found;
        if (before != Volatile.Read(ref _changes))
        {
            _found.TryRemove(tenant, out _);
        }

        return found;
    }

    /// <summary>Changes settings of a tenant.</summary>
    public async Task StoreAsync(string tenant, IReadOnlyCollection<StoredSetting> settings, CancellationToken cancellationToken)
    {
        await store.StoreAsync(tenant, settings, cancellationToken);
        Forget();
    }

    /// <summary>Forgets what it found before: something changed in another process.</summary>
    public Task ReloadAsync(CancellationToken cancellationToken)
    {
        Forget();
        return Task.CompletedTask;
    }

    async ValueTask<Organization> IOrganizations.OfAsync(string tenant, CancellationToken cancellationToken)
    {
        var stored = await OfAsync(tenant, cancellationToken);
        return new Organization(Said(SettingDefinitions.OrganizationName), Said(SettingDefinitions.SupportEmail));

        // The published defaults name nobody who is here.
        string? Said(SettingDefinition setting)
            => stored.FirstOrDefault(one => one.Key == setting.Key && one.Value != setting.Default) is { } said ? JsonElement.Parse(said.Value).GetString() : null;
    }

    private void Forget()
    {
        Interlocked.Increment(ref _changes);
        _found.Clear();
    }
}
