using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Behaviour;

/// <summary>
/// Turns what is told into alerts and blocked addresses. Counts are exact over all servers. A success takes back the failures of its own
/// account from its own address and no others: who tries many accounts cannot wipe its count with one that is its own.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class BehaviourDetector(
    SignInFailures failures, OncePerSecond limited, IAttempts attempts, Blocklist blocklist, IAlerts alerts, IOptions<BehaviourOptions> options, TimeProvider time, ILogger<BehaviourDetector> logger)
    : ISecurityEvents
{
    private const string KnownAddress = "known-address";
    private const string KnownAddresses = "known-addresses";
    private const string SignIn = "sign-in";

    public async ValueTask ReportAsync(SecurityEvent happened, CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        try
        {
            await (happened switch
            {
                SecurityEvent.SignInFailed failed => FailedAsync(failed, cancellationToken),
                SecurityEvent.SignInSucceeded succeeded => SucceededAsync(succeeded, cancellationToken),
                SecurityEvent.EscalationRefused escalation => EscalationAsync(escalation, cancellationToken),
                SecurityEvent.RequestsPiledUp piled => PiledUpAsync(piled, cancellationToken),
                SecurityEvent.PayloadLarge payload => LargeAsync(payload, cancellationToken),
                _ => throw new InvalidOperationException("The set of security events is closed."),
            });
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.NotCounted(logger, happened.GetType().Name, failure);
        }
    }

    private async Task FailedAsync(SecurityEvent.SignInFailed failed, CancellationToken cancellationToken)
    {
        var (origin, now) = (NetworkOrigin.Of(failed.Address), time.GetUtcNow());
        if (failed.IsLimited && !limited.IsFirst(origin))
        {
            return;
        }

        var (count, accounts, isNewAccount) = await failures.AddAsync(origin, failed.Account, now, cancellationToken);
        if (count >= options.Value.FailuresForBlock)
        {
            var blocked = await BlockAsync(origin, now, cancellationToken);
            await alerts.RaiseAsync(
                About(failed, AlertSeverity.Critical, "brute-force", SignIn) with
                {
                    Title = "Many failed sign-ins from one address",
                    Description = blocked
                        ? "An address failed to sign in again and again. It is blocked for a while; GET /api/security/blocked-addresses lists and DELETE ends it."
                        : "An address failed to sign in again and again. It is this machine or a trusted proxy, which are never blocked: look who is behind it.",
                    Account = failed.Account,
                    Details = [Figure("failures", count), Figure("accounts", accounts), new("blocked", blocked ? "yes" : "no")],
                },
                cancellationToken);
        }
        else if (count >= options.Value.FailuresForAlert)
        {
            await alerts.RaiseAsync(
                About(failed, AlertSeverity.High, "brute-force", SignIn) with
                {
                    Title = "Failed sign-ins from one address",
                    Description = "An address failed to sign in more often than people mistype.",
                    Account = failed.Account,
                    Details = [Figure("failures", count), Figure("accounts", accounts)],
                },
                cancellationToken);
        }

        if (isNewAccount && accounts >= options.Value.AccountsForStuffing)
        {
            await alerts.RaiseAsync(
                About(failed, AlertSeverity.High, "credential-stuffing", SignIn) with
                {
                    Title = "One address tries many accounts",
                    Description = "Sign-ins to many accounts fail from one address, as when stolen passwords are tried.",
                    Details = [Figure("failures", count), Figure("accounts", accounts)],
                },
                cancellationToken);
        }
    }

    private async Task<bool> BlockAsync(string origin, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!NetworkOrigin.TryRead(origin, out _, out var address) || blocklist.IsSpared(address))
        {
            return false;
        }

        var block = new BlockedAddress
        {
            Origin = origin, Reason = "brute-force", BlockedBy = BlockedAddress.BySystem, BlockedAt = now, ExpiresAt = now + options.Value.BlockFor,
        };
        try
        {
            await blocklist.BlockAsync(block, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // It is blocked in this process all the same, and whoever is responsible is told.
            Log.NotStored(logger, failure);
        }

        return true;
    }

    private async Task SucceededAsync(SecurityEvent.SignInSucceeded succeeded, CancellationToken cancellationToken)
    {
        var (origin, now) = (NetworkOrigin.Of(succeeded.Address), time.GetUtcNow());
        await failures.TakeBackAsync(origin, succeeded.Account, now, cancellationToken);
        if (origin == NetworkOrigin.Unknown)
        {
            return;
        }

        // Keyed digests, as everything IAttempts counts: the addresses themselves lie with the acts alone.
        var user = $"{succeeded.Tenant}\n{succeeded.UserId}";
        if (await attempts.AddAsync(KnownAddress, $"{user}\n{origin}", options.Value.AddressKnownFor, now, cancellationToken) == 1
            && await attempts.AddAsync(KnownAddresses, user, options.Value.AddressKnownFor, now, cancellationToken) is > 1 and var known)
        {
            await alerts.RaiseAsync(
                About(succeeded, AlertSeverity.Medium, "new-location", SignIn) with
                {
                    Title = "A user signed in from a new address",
                    Description = "A user signed in from an address that was not seen with it before. Ask the user; DELETE its sessions if it was not the user.",
                    UserId = succeeded.UserId,
                    Account = succeeded.Account,
                    Details = [Figure("addresses", known)],
                },
                cancellationToken);
        }
    }

    private Task EscalationAsync(SecurityEvent.EscalationRefused escalation, CancellationToken cancellationToken)
        => alerts.RaiseAsync(
            About(escalation, AlertSeverity.Critical, "privilege-escalation", "access") with
            {
                Title = "Somebody tried to raise rights",
                Description = "A caller tried to give or take rights beyond its own, and was refused. Look at its sessions and keys.",
                UserId = escalation.ActorId,
                Details = [new("action", escalation.Action), new("tenant", escalation.Tenant)],
            },
            cancellationToken).AsTask();

    private Task PiledUpAsync(SecurityEvent.RequestsPiledUp piled, CancellationToken cancellationToken)
        => alerts.RaiseAsync(
            About(piled, AlertSeverity.High, "request-rate", piled.Endpoint) with
            {
                Title = "Unusually many requests to one endpoint",
                Description = "A caller asks one endpoint more often in a minute than callers do.",
                UserId = piled.CallerId,
                Details = [new("endpoint", piled.Endpoint), Figure("per_minute_usual", options.Value.RequestsPerMinute)],
            },
            cancellationToken).AsTask();

    private Task LargeAsync(SecurityEvent.PayloadLarge payload, CancellationToken cancellationToken)
        => alerts.RaiseAsync(
            About(payload, AlertSeverity.Medium, "large-payload", payload.Endpoint) with
            {
                Title = "An unusually large payload",
                Description = "A request or an answer carried more bytes than payloads do, as when data is carried off.",
                UserId = payload.CallerId,
                Details = [new("endpoint", payload.Endpoint), Figure("bytes", payload.Bytes)],
            },
            cancellationToken).AsTask();

    private static Alert About(SecurityEvent happened, AlertSeverity severity, string category, string source) => new()
    {
        Severity = severity,
        Category = category,
        Source = source,
        Title = string.Empty,
        Description = string.Empty,
        Address = NetworkOrigin.Of(happened.Address),
        UserAgent = happened.UserAgent,
    };

    private static AlertDetail Figure(string name, long value) => new(name, value.ToString(CultureInfo.InvariantCulture));

    private static partial class Log
    {
        [LoggerMessage(6613, LogLevel.Error, Codes.SecurityEventFailed + ": a {Event} could not be counted; no alert and no block came of it.")]
        public static partial void NotCounted(ILogger logger, string @event, Exception failure);

        [LoggerMessage(6617, LogLevel.Error, Codes.BlockNotStored + ": an address is blocked by this server alone, because the store did not take it.")]
        public static partial void NotStored(ILogger logger, Exception failure);
    }
}
