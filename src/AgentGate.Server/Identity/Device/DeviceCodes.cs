using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Device;

/// <summary>
/// Keeps the sign-ins that devices asked for, for all servers: under the device's secret what is known of it, under the short code that people
/// type the way there. Every change is stored over what was read.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class DeviceCodes(IOneTimeRecords records, IIdSource ids, TimeProvider time, IOptions<DeviceOptions> options)
{
    private const string OfDevice = "device-code";
    private const string OfUser = "device-user-code";
    private const int Letters = 8;
    private const int TriesMax = 50;

    // 32 characters, so that 5 bits are one; without those that are read as others (RFC 8628 §6.1).
    private const string Alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static readonly TimeSpan s_after = TimeSpan.FromMinutes(10);

    /// <summary>Begins one.</summary>
    /// <returns>The device's secret, and the code for people as they read it.</returns>
    public async Task<(string DeviceCode, string UserCode)> BeginAsync(HttpContext context, string client, string[]? scopes)
    {
        var (secret, now) = (IdentitySecrets.Create(ids), time.GetUtcNow());
        var request = new DeviceRequest
        {
            Client = client,
            Address = ActOrigins.Of(context).Address,
            Scopes = scopes,
            Decision = DeviceDecision.Pending,
            IntervalSeconds = (int)options.Value.Interval.TotalSeconds,

            // The first question may come at once.
            AskedAt = DateTimeOffset.UnixEpoch,
            GoodUntil = now + options.Value.CodeLifetime,
        };
        await records.AddAsync(Record(OfDevice, secret, request.Write(), now, request.GoodUntil + s_after), context.RequestAborted);
        for (var tries = 0; ; tries++)
        {
            var code = NewUserCode();
            if (await records.AddAsync(Record(OfUser, code, secret, now, request.GoodUntil), context.RequestAborted))
            {
                return (secret, $"{code[..4]}-{code[4..]}");
            }

            // 2⁴⁰ codes for the few that are open: a second try is rare, a tenth is a broken source of random bytes.
            if (tries == 10)
            {
                throw new InvalidOperationException("No free user code was found.");
            }
        }
    }

    /// <summary>The request of a device's secret, also one whose code is too old.</summary>
    public async Task<DeviceRequest?> FindAsync(string deviceCode, CancellationToken cancellationToken)
        => IdentitySecrets.IsOne(deviceCode) && await records.FindAsync(OfDevice, deviceCode, time.GetUtcNow(), cancellationToken) is { } record ? DeviceRequest.Read(record.Content) : null;

    /// <summary>The request of a code that a person typed, if the code is good.</summary>
    public async Task<DeviceRequest?> FindByUserCodeAsync(string userCode, CancellationToken cancellationToken)
        => await SecretOfAsync(userCode, cancellationToken) is { } secret ? await FindAsync(secret, cancellationToken) : null;

    /// <summary>Decides about the device of a code that a person typed.</summary>
    /// <returns>Whether there was one that waited.</returns>
    public async Task<bool> DecideAsync(string userCode, Func<DeviceRequest, DeviceRequest> decide, CancellationToken cancellationToken)
        => await SecretOfAsync(userCode, cancellationToken) is { } secret
            && await ChangeAsync(secret, request => request.Decision == DeviceDecision.Pending && time.GetUtcNow() < request.GoodUntil ? decide(request) : null, cancellationToken);

    /// <summary>Changes what is known of a device, over what was read; <see langword="null"/> from the change leaves it.</summary>
    /// <returns>Whether it was changed.</returns>
    public async Task<bool> ChangeAsync(string deviceCode, Func<DeviceRequest, DeviceRequest?> change, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await records.FindAsync(OfDevice, deviceCode, time.GetUtcNow(), cancellationToken) is not { } record || change(DeviceRequest.Read(record.Content)) is not { } changed)
            {
                return false;
            }

            if (await records.UpdateAsync(record with { Content = changed.Write() }, cancellationToken))
            {
                return true;
            }
        }

        throw new InvalidOperationException("What is known of a device was changed by others too often to be changed here.");
    }

    /// <summary>Takes what is known of a device: of two that ask, one gets it.</summary>
    public async Task<DeviceRequest?> TakeAsync(string deviceCode, CancellationToken cancellationToken)
        => await records.TakeAsync(OfDevice, deviceCode, time.GetUtcNow(), cancellationToken) is { } record ? DeviceRequest.Read(record.Content) : null;

    private static OneTimeRecord Record(string kind, string secret, string content, DateTimeOffset now, DateTimeOffset until) => new()
    {
        Kind = kind,
        SecretDigest = IdentitySecrets.DigestOf(secret),
        Tenant = IdentityActs.SystemTenant,
        Content = content,
        CreatedAt = now,
        ExpiresAt = until,
    };

    private async Task<string?> SecretOfAsync(string userCode, CancellationToken cancellationToken)
    {
        var code = string.Concat(userCode.Where(static c => !char.IsWhiteSpace(c) && c != '-').Take(Letters + 1)).ToUpperInvariant();
        return code.Length == Letters && code.All(Alphabet.Contains) && await records.FindAsync(OfUser, code, time.GetUtcNow(), cancellationToken) is { } record ? record.Content : null;
    }

    private string NewUserCode()
    {
        Span<byte> random = stackalloc byte[Letters];
        ids.Fill(random);
        Span<char> letters = stackalloc char[Letters];
        for (var i = 0; i < Letters; i++)
        {
            letters[i] = Alphabet[random[i] & 31];
        }

        return new string(letters);
    }
}
