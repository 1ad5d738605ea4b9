using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using AgentGate.Alerts;
using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Alerts;

/// <summary>The encrypted part of an alert, and its columns that are found by keyed digests.</summary>
internal sealed class AlertContent(IdentityCipher cipher)
{
    private const string What = "alert v1";
    private const string Same = "alert fingerprint v1";
    private const string Summary = "summary";

    public void Write(StoredAlert alert, AlertRow row)
    {
        var content = alert.Alert;
        row.Id = alert.Id;
        row.Severity = AlertWords.Of(content.Severity);
        row.Category = content.Category;
        row.Fingerprint = GroupOf(content) + (alert.IsSummary ? Summary : DigestOf(content));
        row.Content = cipher.Seal(
            What,
            alert.Id,
            JsonSerializer.SerializeToUtf8Bytes(new Sealed(
                content.Source, content.Title, content.Description, content.Address, content.UserId, content.Account, content.UserAgent, [.. content.Details])));
        row.RaisedAt = alert.RaisedAt.ToUnixTimeMilliseconds();
        row.Repeats = alert.Repeats;
    }

    /// <summary>The alert, or <see langword="null"/> where it cannot be decrypted.</summary>
    public StoredAlert? Read(AlertRow row, IEnumerable<AlertDeliveryRow>? deliveries = null)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Sealed>(cipher.Open(What, row.Id, row.Content))!;
            return new StoredAlert(
                row.Id,
                new Alert
                {
                    Severity = SeverityOf(row),
                    Category = row.Category,
                    Source = content.Source,
                    Title = content.Title,
                    Description = content.Description,
                    Address = content.Address,
                    UserId = content.UserId,
                    Account = content.Account,
                    UserAgent = content.UserAgent,
                    Details = [.. content.Details],
                },
                DateTimeOffset.FromUnixTimeMilliseconds(row.RaisedAt))
            {
                Repeats = row.Repeats,
                IsSummary = IsSummary(row),
                Deliveries = [.. (deliveries ?? []).Select(one => new AlertDeliveryState(one.Channel, one.State, one.Tries, one.Failure))],
            };
        }
        catch (Exception broken) when (broken is CryptographicException or JsonException)
        {
            return null;
        }
    }

    public static RecentAlert Recent(AlertRow row)
        => new(row.Id, IsSummary(row) ? string.Empty : row.Fingerprint[(row.Fingerprint.IndexOf('.', StringComparison.Ordinal) + 1)..], SeverityOf(row), DateTimeOffset.FromUnixTimeMilliseconds(row.RaisedAt), IsSummary(row));

    /// <summary>What the fingerprints of a kind begin with.</summary>
    public static string GroupOf(Alert alert) => AlertFingerprint.GroupOf(alert) + ".";

    /// <summary>The fingerprint under a key: there are few enough addresses to try them all.</summary>
    public string DigestOf(Alert alert) => cipher.Digest(Same, AlertFingerprint.Of(alert));

    private static AlertSeverity SeverityOf(AlertRow row) => AlertWords.Read(row.Severity) ?? AlertSeverity.Critical;

    private static bool IsSummary(AlertRow row) => row.Fingerprint.EndsWith("." + Summary, StringComparison.Ordinal);

    private sealed record Sealed(
        string Source, string Title, string Description, string Address, string UserId, string Account, string UserAgent, ImmutableArray<AlertDetail> Details);
}
