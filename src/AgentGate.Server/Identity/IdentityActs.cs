using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity;

/// <summary>
/// Puts what users do to identities on record: signing in and failing to, changing passwords, roles, factors. The entry says who (a pseudonym),
/// what and how it went; address and user agent lie beside it, encrypted. An act that cannot be put on record does not happen: append before acting,
/// and append again where the act did not come about.
/// </summary>
internal sealed partial class IdentityActs(IDecisionRecorder recorder, IActOrigins origins, IIdSource ids, TimeProvider time, ILogger<IdentityActs> logger)
{
    /// <summary>The log of what concerns no tenant: somebody who is not known.</summary>
    public const string SystemTenant = "system";

    /// <summary>Puts an act on record.</summary>
    /// <param name="context">The request it came with.</param>
    /// <param name="tenant">Whose log.</param>
    /// <param name="userId">Who acts, or empty where nobody is known.</param>
    /// <param name="action">What, a constant with a dot: <c>auth.sign-in</c>, <c>user.role-changed</c>.</param>
    /// <param name="detail">How it went, from a fixed vocabulary; never content.</param>
    /// <param name="code">The code of a refusal.</param>
    /// <param name="about">Whom or what it concerns, as a pseudonymous id, where that is not the actor.</param>
    public Task AppendAsync(HttpContext context, string tenant, string userId, string action, string? detail = null, string? code = null, string? about = null)
        => WriteAsync(context, tenant, userId, action, detail, code, about, context.RequestAborted);

    /// <summary>Puts an act on record, does it, and puts on record that it failed where it did: the log must not tell of what never was.</summary>
    /// <param name="context">The request it came with.</param>
    /// <param name="tenant">Whose log.</param>
    /// <param name="userId">Who acts.</param>
    /// <param name="action">What.</param>
    /// <param name="detail">How, from a fixed vocabulary.</param>
    /// <param name="act">Does it.</param>
    /// <param name="failure">The code of a failure, from what the act gave; <see langword="null"/> where it is done, or its failure on record.</param>
    /// <param name="about">Whom or what it concerns, where that is not the actor.</param>
    /// <returns>What the act gave.</returns>
    public async Task<T> DoAsync<T>(
        HttpContext context, string tenant, string userId, string action, string? detail, Func<Task<T>> act, Func<T, string?> failure, string? about = null)
    {
        await AppendAsync(context, tenant, userId, action, detail, about: about);
        T result;
        try
        {
            result = await act();
        }
        catch (Exception)
        {
            // The store may have done it before it failed; nobody here knows.
            await TryAppendAsync(context, tenant, userId, action, "not known to be done", Codes.ActNotDone, about);
            throw;
        }

        if (failure(result) is { } code)
        {
            await TryAppendAsync(context, tenant, userId, action, "failed", code, about);
        }

        return result;
    }

    private async Task TryAppendAsync(HttpContext context, string tenant, string userId, string action, string detail, string code, string? about)
    {
        try
        {
            // Whether who asked still waits or not.
            await WriteAsync(context, tenant, userId, action, detail, code, about, CancellationToken.None);
        }
        catch (Exception failure)
        {
            Log.NotDone(logger, action, code, failure);
        }
    }

    private async Task WriteAsync(
        HttpContext context, string tenant, string userId, string action, string? detail, string? code, string? about, CancellationToken cancellationToken)
    {
        var (id, now) = (ids.NewId(), time.GetUtcNow());
        await origins.AddAsync(id, tenant, userId, ActOrigins.Of(context), now, cancellationToken);
        await recorder.AppendAsync(
            new DecisionRecord(new LogEntryBody
            {
                Id = id,
                Kind = EntryKind.Admin,
                At = now,
                Tenant = tenant,
                Principal = userId.Length > 0 ? userId : null,
                Action = action,
                Resource = about is null ? null : new("AgentGate::Subject", about),
                Code = code,
                Detail = detail,
            }),
            cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(6220, LogLevel.Error, Codes.ActNotDone + ": {Action} is on record and did not come about ({Code}), and that could not be put on record.")]
        public static partial void NotDone(ILogger logger, string action, string code, Exception failure);
    }
}
