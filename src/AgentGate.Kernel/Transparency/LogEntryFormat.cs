using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// Entry format v2: canonical JSON (RFC 8785) of the body with <c>seq</c> and <c>key_id</c>. Names are snake_case, absent
/// members are left out, enumerations are lower-case, times are RFC 3339 in UTC with milliseconds.
/// </summary>
internal static class LogEntryFormat
{
    internal const decimal NanoUsd = 1_000_000_000m;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Writes an entry. INVARIANT: members stand in canonical order; a property test compares with <see cref="CanonicalJson"/>.</summary>
    public static void Write(CanonicalBuffer output, LogEntryBody body, long seq, string keyId)
    {
        // Version 1 is written only to compare with what an earlier build wrote.
        if (body.Version is not (1 or LogEntryBody.CurrentVersion)
            || (body.Version == 1 && (body.DecisionId ?? body.CertificateHash ?? body.Statement) is not null))
        {
            throw new ArgumentException($"This build writes entry format {LogEntryBody.CurrentVersion}, not {body.Version}.", nameof(body));
        }

        var json = new CanonicalWriter(output);
        json.BeginObject();
        Text(ref json, "\"action\":"u8, body.Action);
        AlsoRequired(ref json, body.AlsoRequired);
        json.Name("\"at\":"u8);
        Time(ref json, body.At);
        Budgets(ref json, body.Budgets);
        Text(ref json, "\"call_id\":"u8, body.CallId);
        Text(ref json, "\"certificate_hash\":"u8, body.CertificateHash);
        Text(ref json, "\"code\":"u8, body.Code);
        Text(ref json, "\"content_digest\":"u8, body.ContentDigest);
        Number(ref json, "\"count\":"u8, body.Count);
        Text(ref json, "\"decision\":"u8, LogEntryWords.Of(body.Decision));
        Text(ref json, "\"decision_id\":"u8, body.DecisionId);
        Text(ref json, "\"detail\":"u8, body.Detail);
        Text(ref json, "\"door\":"u8, body.Door);
        Text(ref json, "\"durability\":"u8, body.Durability);
        Text(ref json, "\"id\":"u8, body.Id);
        Text(ref json, "\"key_id\":"u8, keyId);
        Text(ref json, "\"kind\":"u8, LogEntryWords.Of(body.Kind));
        Text(ref json, "\"outcome\":"u8, LogEntryWords.Of(body.Outcome));
        Text(ref json, "\"parent_call_id\":"u8, body.ParentCallId);
        Text(ref json, "\"principal\":"u8, body.Principal);
        Text(ref json, "\"raw_binding\":"u8, body.RawBinding);
        Resource(ref json, body.Resource);
        Text(ref json, "\"response_digest\":"u8, body.ResponseDigest);
        Number(ref json, "\"seq\":"u8, seq);
        Text(ref json, "\"statement\":"u8, body.Statement);
        Targets(ref json, body.Targets);
        Text(ref json, "\"tenant\":"u8, body.Tenant);
        Text(ref json, "\"transport_digest\":"u8, body.TransportDigest);
        Unread(ref json, body.Unread);
        Usage(ref json, body.Usage);
        Verdicts(ref json, body.Verdicts);
        Number(ref json, "\"version\":"u8, body.Version);
        json.EndObject();
    }

    private static void Text(ref CanonicalWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.Name(name);
            json.Text(value);
        }
    }

    private static void Number(ref CanonicalWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            json.Name(name);
            json.Number(number);
        }
    }

    private static void Flag(ref CanonicalWriter json, ReadOnlySpan<byte> name, bool value)
    {
        if (value)
        {
            json.Name(name);
            json.True();
        }
    }

    private static void Time(ref CanonicalWriter json, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[32];
        at.UtcDateTime.TryFormat(text, out var length, TimeFormat, CultureInfo.InvariantCulture);
        json.Plain(text[..length]);
    }

    private static void Entity(ref CanonicalWriter json, EntityRef entity)
    {
        json.BeginObject();
        Text(ref json, "\"id\":"u8, entity.Id);
        Text(ref json, "\"type\":"u8, entity.Type);
        json.EndObject();
    }

    private static void Resource(ref CanonicalWriter json, EntityRef? resource)
    {
        if (resource is { } entity)
        {
            json.Name("\"resource\":"u8);
            Entity(ref json, entity);
        }
    }

    private static void AlsoRequired(ref CanonicalWriter json, ImmutableArray<ResourceRequest> requests)
    {
        if (requests.IsDefaultOrEmpty)
        {
            return;
        }

        json.Name("\"also_required\":"u8);
        json.BeginArray();
        foreach (var request in requests)
        {
            json.BeginObject();
            Text(ref json, "\"action\":"u8, request.Action);
            json.Name("\"resource\":"u8);
            Entity(ref json, request.Resource);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void Targets(ref CanonicalWriter json, ImmutableArray<EffectTarget> targets)
    {
        if (targets.IsDefaultOrEmpty)
        {
            return;
        }

        json.Name("\"targets\":"u8);
        json.BeginArray();
        foreach (var target in targets)
        {
            json.BeginObject();
            Text(ref json, "\"name\":"u8, target.Name);
            Text(ref json, "\"provider\":"u8, target.Provider);
            Text(ref json, "\"region\":"u8, target.Region);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void Unread(ref CanonicalWriter json, ImmutableArray<string> kinds)
    {
        if (kinds.IsDefaultOrEmpty)
        {
            return;
        }

        json.Name("\"unread\":"u8);
        json.BeginArray();
        foreach (var kind in kinds)
        {
            json.Text(kind);
        }

        json.EndArray();
    }

    private static void Usage(ref CanonicalWriter json, Usage? usage)
    {
        if (usage is not null)
        {
            json.Name("\"usage\":"u8);
            json.BeginObject();
            Number(ref json, "\"cache_write_long_tokens\":"u8, NotZero(usage.LongCacheWriteTokens));
            Number(ref json, "\"cache_write_tokens\":"u8, NotZero(usage.CacheWriteTokens));
            Number(ref json, "\"cached_input_tokens\":"u8, NotZero(usage.CachedInputTokens));
            Number(ref json, "\"cost_nano_usd\":"u8, (long?)(usage.CostUsd * NanoUsd));
            Flag(ref json, "\"estimated\":"u8, usage.Estimated);
            Number(ref json, "\"input_tokens\":"u8, usage.InputTokens);
            Number(ref json, "\"output_tokens\":"u8, usage.OutputTokens);
            Number(ref json, "\"reasoning_tokens\":"u8, NotZero(usage.ReasoningTokens));
            json.EndObject();
        }
    }

    /// <summary>A count that most entries do not have is left out where it is zero, so that they read as before.</summary>
    private static long? NotZero(long count) => count == 0 ? null : count;

    private static void Budgets(ref CanonicalWriter json, ImmutableArray<BudgetPosting> postings)
    {
        if (postings.IsDefaultOrEmpty)
        {
            return;
        }

        json.Name("\"budgets\":"u8);
        json.BeginArray();
        foreach (var posting in postings)
        {
            json.BeginObject();
            Number(ref json, "\"nano_usd\":"u8, posting.NanoUsd);
            Text(ref json, "\"rule\":"u8, posting.Rule);
            Text(ref json, "\"subject\":"u8, posting.Subject);
            json.Name("\"window\":"u8);
            Time(ref json, posting.Window);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void Verdicts(ref CanonicalWriter json, ImmutableArray<VerdictRecord> verdicts)
    {
        if (verdicts.IsDefaultOrEmpty)
        {
            return;
        }

        json.Name("\"verdicts\":"u8);
        WriteVerdicts(ref json, verdicts);
    }

    /// <summary>Writes the array alone: certificates hold it too, also when it is empty.</summary>
    internal static void WriteVerdicts(ref CanonicalWriter json, ImmutableArray<VerdictRecord> verdicts)
    {
        json.BeginArray();
        foreach (var verdict in verdicts)
        {
            json.BeginObject();
            Text(ref json, "\"answer\":"u8, verdict.Answer);
            Text(ref json, "\"code\":"u8, verdict.Code);
            Number(ref json, "\"elapsed_us\":"u8, verdict.Elapsed.Ticks / TimeSpan.TicksPerMicrosecond);
            Flag(ref json, "\"failed_open\":"u8, verdict.FailedOpen);
            Findings(ref json, verdict.Findings);
            Text(ref json, "\"guard\":"u8, verdict.Guard);
            Flag(ref json, "\"shadow\":"u8, verdict.Shadow);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void Findings(ref CanonicalWriter json, ImmutableArray<Finding> findings)
    {
        if (findings.IsDefaultOrEmpty)
        {
            return;
        }

        json.Name("\"findings\":"u8);
        json.BeginArray();
        foreach (var finding in findings)
        {
            json.BeginObject();
            Text(ref json, "\"address\":"u8, finding.Address);
            Number(ref json, "\"count\":"u8, finding.Count);
            Text(ref json, "\"note\":"u8, finding.Note);
            Text(ref json, "\"rule\":"u8, finding.Rule);
            json.EndObject();
        }

        json.EndArray();
    }
}
