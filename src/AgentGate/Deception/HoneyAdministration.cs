using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Deception;

/// <summary>Sets and removes honey tokens and clears principals. Each act is on record before it counts; values are in no record. Thread-safe.</summary>
internal sealed class HoneyAdministration(
    IHoneyStore store, HoneyRegistry registry, HoneyCipher cipher, IDecisionRecorder recorder, IIdSource ids, TimeProvider time)
{
    /// <summary>The most tokens of a tenant.</summary>
    public const int TokensMax = 1_000;

    /// <summary>The entity type of a honey token, in the log.</summary>
    public const string TokenType = "AgentGate::HoneyToken";

    private const string AgentType = "AgentGate::Agent";
    private const int IdBytes = 16;

    /// <summary>Sets a token.</summary>
    public async Task<HoneyReply<HoneyToken>> SetAsync(Principal by, HoneyDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Fault() is var (field, problem))
        {
            return new HoneyReply<HoneyToken>.Refused(Codes.HoneyInvalid, $"`{field}` {problem}.", field);
        }

        // One change at a time, so that this process follows the store in the store's order.
        using var turn = await registry.Turn.TakeAsync(cancellationToken);
        var set = registry.Of(by.Tenant);
        if (set.Count >= TokensMax)
        {
            return new HoneyReply<HoneyToken>.Refused(Codes.HoneyFull, $"The tenant has {TokensMax} honey tokens, which is the most; remove some.");
        }

        var token = new HoneyToken
        {
            Id = NewId(),
            Tenant = by.Tenant,
            Type = HoneyTypes.Parse(draft.Type)!.Value,
            Name = draft.Name!,
            Description = draft.Description ?? "",
            ResourcePattern = draft.ResourcePattern,
            HasValue = draft.Value is not null,
            CreatedAt = Now(),
            CreatedBy = by.Id,
        };
        await RecordAsync(by, "honey.set", new EntityRef(TokenType, token.Id), token.Type.Word(), cancellationToken);
        await store.AddAsync(
            new StoredHoneyToken(token, draft.Value is { } value ? cipher.Seal(token.Tenant, token.Id, value) : null), CancellationToken.None);
        registry.Put(by.Tenant, set.With(token, draft.Value));
        return new HoneyReply<HoneyToken>.Done(token);
    }

    /// <summary>Removes a token. What was touched keeps its consequences.</summary>
    public async Task<HoneyReply<HoneyToken>> RemoveAsync(Principal by, string id, CancellationToken cancellationToken)
    {
        using var turn = await registry.Turn.TakeAsync(cancellationToken);
        var set = registry.Of(by.Tenant);
        if (set.Tokens.FirstOrDefault(token => token.Id == id) is not { } found)
        {
            return new HoneyReply<HoneyToken>.Refused(Codes.HoneyNotFound, "There is no honey token of this id, or it belongs to another tenant.", "id");
        }

        await RecordAsync(by, "honey.remove", new EntityRef(TokenType, id), null, cancellationToken);
        await store.RemoveAsync(by.Tenant, id, CancellationToken.None);
        registry.Put(by.Tenant, set.Without(id));
        return new HoneyReply<HoneyToken>.Done(found);
    }

    /// <summary>Clears a principal of everything it touched: it is judged like anybody else again. Nobody clears itself.</summary>
    public async Task<HoneyReply<int>> ClearAsync(Principal by, string principal, CancellationToken cancellationToken)
    {
        if (principal == by.Id)
        {
            return new HoneyReply<int>.Refused(Codes.HoneySelfCleared, "Nobody clears itself; another operator must.", "id");
        }

        using var turn = await registry.Turn.TakeAsync(cancellationToken);
        if (registry.StandingOf(by.Tenant, principal) == 0)
        {
            return new HoneyReply<int>.Refused(Codes.HoneyNotFound, "No principal of this id has touched a honey token of this tenant, or it was cleared.", "id");
        }

        await RecordAsync(by, "honey.clear", new EntityRef(AgentType, principal), null, cancellationToken);
        var cleared = await store.ClearAsync(by.Tenant, principal, Now(), by.Id, CancellationToken.None);
        registry.Clear(by.Tenant, principal);
        return new HoneyReply<int>.Done(cleared);
    }

    private async Task RecordAsync(Principal by, string act, EntityRef resource, string? detail, CancellationToken cancellationToken)
        => await recorder.AppendAsync(
            new DecisionRecord(new LogEntryBody
            {
                Id = ids.NewId(),
                Kind = EntryKind.Admin,
                At = time.GetUtcNow(),
                Tenant = by.Tenant,
                Principal = by.Id,
                Action = act,
                Resource = resource,
                Detail = detail,
            }),
            cancellationToken);

    private DateTimeOffset Now() => time.GetUtcNow() is var now ? new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero) : default;

    private string NewId()
    {
        Span<byte> random = stackalloc byte[IdBytes];
        ids.Fill(random);
        return "ht_" + Convert.ToHexStringLower(random);
    }
}
