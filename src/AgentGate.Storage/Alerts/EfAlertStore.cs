using System.Globalization;
using AgentGate.Alerts;
using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Alerts;

/// <summary>Alerts in the database, by EF Core; what they say encrypted. Thread-safe: each call has its own context.</summary>
internal sealed class EfAlertStore(ITenantContexts contexts, IdentityCipher cipher) : IAlertStore
{
    /// <summary>Alerts are the operator's, whomever they concern.</summary>
    private const string NoTenant = "system";

    private readonly AlertContent _content = new(cipher);

    public async Task<AlertChoice> AddAsync(
        StoredAlert alert, string summaryId, Func<AlertSeverity, IReadOnlyList<string>> channels, AlertOptions options, CancellationToken cancellationToken)
    {
        var group = AlertContent.GroupOf(alert.Alert);
        var since = (alert.RaisedAt - AlertRules.Horizon(options)).ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, NoTenant, "alerts", cancellationToken);
        var rows = await context.Set<AlertRow>().AsNoTracking().Where(r => r.Tenant == NoTenant && r.RaisedAt > since && r.Fingerprint.StartsWith(group)).ToListAsync(cancellationToken);
        var recent = rows.ConvertAll(AlertContent.Recent);
        var choice = AlertRules.Decide(recent, _content.DigestOf(alert.Alert), alert.Alert.Severity, alert.RaisedAt, options);
        switch (choice)
        {
            case AlertChoice.Send(var summary):
                if (summary is not null)
                {
                    await RaiseAsync(context, recent.First(one => one.Id == summary), alert.Alert.Severity, channels(alert.Alert.Severity), options, cancellationToken);
                }

                Add(context, alert, channels(alert.Alert.Severity), alert.RaisedAt);
                break;
            case AlertChoice.Repeat(var id):
                await CountAsync(context, id, cancellationToken);
                break;
            case AlertChoice.Hold({ } id):
                await CountAsync(context, id, cancellationToken);
                break;
            default:
                var highest = recent.Where(one => !one.IsSummary).Select(one => one.Severity).Append(alert.Alert.Severity).Max();
                Add(context, SummaryOf(alert, summaryId, highest), channels(highest), alert.RaisedAt + options.Cooldown);
                break;
        }

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return choice;
    }

    public async Task<IReadOnlyList<AlertDelivery>> ClaimAsync(DateTimeOffset now, TimeSpan lease, int most, CancellationToken cancellationToken)
    {
        var (time, until) = (now.ToUnixTimeMilliseconds(), (now + lease).ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        var due = await context.Set<AlertDeliveryRow>().AsNoTracking().Where(r => r.State == AlertStates.Waiting && r.NextAt <= time)
            .OrderBy(r => r.NextAt).ThenBy(r => r.Id).Take(most).ToListAsync(cancellationToken);
        var claimed = new List<AlertDelivery>();
        foreach (var row in due)
        {
            // Whoever moves it on has it.
            if (await context.Set<AlertDeliveryRow>().Where(r => r.Id == row.Id && r.State == AlertStates.Waiting && r.Tries == row.Tries && r.NextAt == row.NextAt)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.NextAt, until).SetProperty(r => r.Tries, row.Tries + 1), cancellationToken) != 1)
            {
                continue;
            }

            // Read after it was taken: a summary has counted to its end by now.
            var alert = await context.Set<AlertRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == row.AlertId, cancellationToken);
            claimed.Add(new AlertDelivery(row.Id, row.Channel, row.Tries + 1, alert is null ? null : _content.Read(alert)));
        }

        return claimed;
    }

    public async Task<bool> CompleteAsync(AlertDelivery delivery, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        return await Claimed(context, delivery)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, AlertStates.Sent).SetProperty(r => r.Failure, (string?)null), cancellationToken) == 1;
    }

    public async Task<bool> FailAsync(AlertDelivery delivery, string failure, DateTimeOffset? again, CancellationToken cancellationToken)
    {
        var (state, next) = (again is null ? AlertStates.GivenUp : AlertStates.Waiting, again?.ToUnixTimeMilliseconds() ?? 0);
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        return await Claimed(context, delivery)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, state).SetProperty(r => r.NextAt, next).SetProperty(r => r.Failure, failure), cancellationToken) == 1;
    }

    public async Task<IReadOnlyList<StoredAlert>> ListAsync(int most, CancellationToken cancellationToken)
    {
        var (alerts, deliveries) = await contexts.ReadAllAsync(
            async context =>
            {
                var rows = await context.Set<AlertRow>().AsNoTracking().OrderByDescending(r => r.RaisedAt).ThenByDescending(r => r.Id).Take(most).ToListAsync(cancellationToken);
                var ids = rows.ConvertAll(row => row.Id);
                return (rows, await context.Set<AlertDeliveryRow>().AsNoTracking().Where(r => ids.Contains(r.AlertId)).OrderBy(r => r.Channel).ToListAsync(cancellationToken));
            },
            cancellationToken);
        var ofAlert = deliveries.ToLookup(row => row.AlertId, StringComparer.Ordinal);
        return [.. alerts.Select(row => _content.Read(row, ofAlert[row.Id])).OfType<StoredAlert>()];
    }

    public async Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var time = before.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Set<AlertDeliveryRow>().Where(r => context.Set<AlertRow>().Any(a => a.Id == r.AlertId && a.RaisedAt < time)).ExecuteDeleteAsync(cancellationToken);
        await context.Set<AlertRow>().Where(r => r.RaisedAt < time).ExecuteDeleteAsync(cancellationToken);
    }

    private static IQueryable<AlertDeliveryRow> Claimed(AgentGateDbContext context, AlertDelivery delivery)
        => context.Set<AlertDeliveryRow>().Where(r => r.Id == delivery.Id && r.State == AlertStates.Waiting && r.Tries == delivery.Tries);

    private static Task<int> CountAsync(AgentGateDbContext context, string id, CancellationToken cancellationToken)
        => context.Set<AlertRow>().Where(r => r.Id == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Repeats, r => r.Repeats + 1), cancellationToken);

    /// <summary>A summary takes on a higher severity, and is told through the channels that take it.</summary>
    private static async Task RaiseAsync(
        AgentGateDbContext context, RecentAlert summary, AlertSeverity severity, IReadOnlyList<string> channels, AlertOptions options, CancellationToken cancellationToken)
    {
        await context.Set<AlertRow>().Where(r => r.Id == summary.Id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Severity, AlertWords.Of(severity)), cancellationToken);
        var there = await context.Set<AlertDeliveryRow>().Where(r => r.AlertId == summary.Id).Select(r => r.Channel).ToListAsync(cancellationToken);
        Deliver(context, summary.Id, channels.Except(there, StringComparer.Ordinal), summary.RaisedAt + options.Cooldown);
    }

    private static void Deliver(AgentGateDbContext context, string alertId, IEnumerable<string> channels, DateTimeOffset sendAt)
    {
        foreach (var channel in channels)
        {
            context.Add(new AlertDeliveryRow
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"{alertId}.{channel}"),
                Tenant = NoTenant,
                AlertId = alertId,
                Channel = channel,
                State = AlertStates.Waiting,
                NextAt = sendAt.ToUnixTimeMilliseconds(),
            });
        }
    }

    private static StoredAlert SummaryOf(StoredAlert first, string id, AlertSeverity severity) => new(
        id,
        new Alert
        {
            Severity = severity,
            Category = first.Alert.Category,
            Source = first.Alert.Source,
            Title = "More alerts were held back",
            Description = "So many alerts of this category came from this source that further ones were counted and not sent one by one.",
        },
        first.RaisedAt)
    {
        IsSummary = true,
        Repeats = 1,
    };

    private void Add(AgentGateDbContext context, StoredAlert alert, IReadOnlyList<string> channels, DateTimeOffset sendAt)
    {
        var row = new AlertRow { Tenant = NoTenant };
        _content.Write(alert, row);
        context.Add(row);
        Deliver(context, alert.Id, channels, sendAt);
    }
}
