using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Identity;
using AgentGate.Threats.Behaviour;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Threats;

/// <summary>The operator's list of blocked addresses: seeing it, blocking by hand, ending a block. Each change is on record, without the address.</summary>
internal static class ThreatEndpoints
{
    private const string Path = "/api/security/blocked-addresses";
    private const int ReasonMax = 64;
    private const int ListMax = 1_000;

    public static IEndpointRouteBuilder MapThreats(this IEndpointRouteBuilder routes)
    {
        // The second is the published name.
        foreach (var path in (string[])[Path, "/api/security/threats/blocked-ips"])
        {
            routes.MapGet(path, ListAsync).RequireScope(Scopes.SecurityThreatRead).RequireOperator().WithTags("Security")
                .WithSummary("List blocked addresses.")
                .WithDescription("The addresses whose requests are refused now, the latest first, at most 1000. The operator's alone.");
            routes.MapDelete(path + "/{id}", RemoveAsync).RequireScope(Scopes.SecurityThreatUpdate).RequireStepUpOfUsers().RequireOperator().WithTags("Security")
                .WithSummary("End the block of an address.")
                .WithDescription("In this process at once, in every other within a second.")
                .ProducesProblem(StatusCodes.Status404NotFound);
        }

        routes.MapPost(Path, AddAsync).RequireScope(Scopes.SecurityThreatUpdate).RequireOperator().WithTags("Security")
            .WithSummary("Block an address for a while.")
            .WithDescription("""Example: {"address":"203.0.113.9","seconds":3600,"reason":"by-hand"}. This machine, trusted proxies and the address of who asks are refused.""")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        return routes;
    }

    private static async Task<Ok<BlockedAddressList>> ListAsync(IBlockedAddressStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (blocked, _) = await store.ReadAsync(now, cancellationToken);
        return TypedResults.Ok(new BlockedAddressList([.. blocked.Take(ListMax).Select(one => Entry(one, now))], blocked.Count));
    }

    private static async Task<Results<Created<BlockedAddressEntry>, ProblemHttpResult>> AddAsync(
        HttpContext context, BlockAddressRequest body, Blocklist blocklist, IdentityActs acts, IOptions<BehaviourOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!NetworkOrigin.TryRead(body.Address, out var origin, out var address))
        {
            return Invalid("address", "`address` is an IPv4 or IPv6 address in its usual form, for example 203.0.113.9.");
        }

        if (blocklist.IsSpared(address))
        {
            return Invalid("address", "`address` is this machine or a trusted proxy, through which others come; those are never blocked.");
        }

        if (origin == NetworkOrigin.Of(ActOrigins.Address(context)))
        {
            return Invalid("address", "`address` is the one you ask from; you would lock yourself out.");
        }

        var duration = body.Seconds is { } seconds ? (seconds is >= 10 and <= 30 * 86_400 ? TimeSpan.FromSeconds(seconds) : default) : options.Value.BlockFor;
        if (duration == default)
        {
            return Invalid("seconds", "`seconds` is a number from 10 to 2592000 (30 days).");
        }

        var reason = body.Reason ?? "by-hand";
        if (reason.Length is 0 or > ReasonMax || reason.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
        {
            return Invalid("reason", $"`reason` is a word of at most {ReasonMax} lower-case letters, digits and dashes.");
        }

        var (who, now) = (context.GetPrincipal(), time.GetUtcNow());
        await acts.AppendAsync(context, who.Tenant, who.Id, "security.address-blocked", reason);
        var blocked = await blocklist.BlockAsync(
            new BlockedAddress { Origin = origin, Reason = reason, BlockedBy = who.Id, BlockedAt = now, ExpiresAt = now + duration }, cancellationToken);
        return TypedResults.Created($"{Path}/{blocked.Id}", Entry(blocked, now));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        HttpContext context, string id, Blocklist blocklist, IdentityActs acts, CancellationToken cancellationToken)
    {
        if (id.Length != 64 || !id.All(char.IsAsciiHexDigitLower))
        {
            return Unknown();
        }

        var who = context.GetPrincipal();
        await acts.AppendAsync(context, who.Tenant, who.Id, "security.address-unblocked", about: id);
        return await blocklist.UnblockAsync(id, cancellationToken) ? TypedResults.NoContent() : Unknown();
    }

    private static BlockedAddressEntry Entry(BlockedAddress blocked, DateTimeOffset now) => new()
    {
        Id = blocked.Id,
        Address = blocked.Origin,
        Reason = blocked.Reason,
        BlockedBy = blocked.BlockedBy,
        BlockedAt = blocked.BlockedAt,
        ExpiresAt = blocked.ExpiresAt,
        RemainingSeconds = Math.Max(0, (long)Math.Ceiling((blocked.ExpiresAt - now).TotalSeconds)),
    };

    private static ProblemHttpResult Unknown() => Problem(Codes.BlockUnknown, "There is no such block, or it has ended.", "id", StatusCodes.Status404NotFound);

    private static ProblemHttpResult Invalid(string field, string detail) => Problem(Codes.BlockInvalid, detail, field, StatusCodes.Status400BadRequest);

    private static ProblemHttpResult Problem(string code, string detail, string field, int status)
        => TypedResults.Problem(detail, statusCode: status, title: code, type: "urn:agentgate:" + code, extensions: new Dictionary<string, object?> { ["code"] = code, ["field"] = field });
}
