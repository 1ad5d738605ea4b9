using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Transparency;

/// <summary>Reads an entry back from its canonical bytes. Pure and thread-safe.</summary>
public static class LogEntryParser
{
    /// <summary>Reads an entry. Only the exact bytes the format writes are accepted.</summary>
    /// <param name="canonical">The canonical bytes.</param>
    /// <exception cref="FormatException">The bytes are not an entry of a version this build knows, or not in canonical form.</exception>
    public static LogEntry Parse(ReadOnlySpan<byte> canonical)
    {
        LogEntry entry;
        try
        {
            using var document = JsonDocument.Parse(canonical.ToArray(), new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth });
            entry = Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FormatException("Not a log entry of a known format.", exception);
        }

        // Writing it again is the strictest check there is: unknown members, duplicates, order, spelling, white space.
        var again = new CanonicalBuffer(canonical.Length);
        LogEntryFormat.Write(again, entry.Body, entry.Seq, entry.KeyId);
        return again.Written.SequenceEqual(canonical)
            ? entry
            : throw new FormatException("Not a log entry of a known format: the bytes are not in canonical form.");
    }

    /// <summary>Reads just what the chain needs, without judging the rest.</summary>
    internal static bool TryReadHeader(ReadOnlySpan<byte> entry, out LogEntryHeader header)
    {
        header = default;
        var (tenant, keyId, at, seq) = ((string?)null, (string?)null, default(DateTimeOffset), 0L);
        var (rotates, admin, statement) = (false, false, (string?)null);
        try
        {
            var reader = new Utf8JsonReader(entry, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var known = Member(ref reader);
                reader.Read();
                switch (known)
                {
                    case HeaderMember.Tenant:
                        tenant = reader.GetString();
                        break;
                    case HeaderMember.KeyId:
                        keyId = reader.GetString();
                        break;
                    case HeaderMember.At:
                        at = reader.GetDateTimeOffset();
                        break;
                    case HeaderMember.Seq:
                        seq = reader.GetInt64();
                        break;
                    case HeaderMember.Action:
                        rotates = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("key.rotate"u8);
                        break;
                    case HeaderMember.Kind:
                        admin = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("admin"u8);
                        break;
                    case HeaderMember.Statement:
                        // In canonical order action and kind stand before it.
                        statement = rotates && admin ? reader.GetString() : null;
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }

        header = new LogEntryHeader(tenant ?? string.Empty, keyId ?? string.Empty, at, seq, statement);
        return tenant is not null && keyId is not null && seq > 0;
    }

    private static HeaderMember Member(ref Utf8JsonReader reader)
        => reader.ValueTextEquals("tenant"u8) ? HeaderMember.Tenant
            : reader.ValueTextEquals("key_id"u8) ? HeaderMember.KeyId
            : reader.ValueTextEquals("at"u8) ? HeaderMember.At
            : reader.ValueTextEquals("seq"u8) ? HeaderMember.Seq
            : reader.ValueTextEquals("action"u8) ? HeaderMember.Action
            : reader.ValueTextEquals("kind"u8) ? HeaderMember.Kind
            : reader.ValueTextEquals("statement"u8) ? HeaderMember.Statement
            : HeaderMember.Other;

    private static LogEntry Read(JsonElement json)
    {
        var version = json.GetProperty("version").GetInt32();
        if (version is not (1 or LogEntryBody.CurrentVersion))
        {
            throw new FormatException("Unknown entry format version.");
        }

        var body = new LogEntryBody
        {
            Version = version,
            Id = Required(json, "id"),
            Kind = Word<EntryKind>(json, "kind", LogEntryWords.TryParse) ?? throw new FormatException("No kind."),
            At = DateTimeOffset.Parse(Required(json, "at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Tenant = Required(json, "tenant"),
            CallId = Text(json, "call_id"),
            ParentCallId = Text(json, "parent_call_id"),
            Door = Text(json, "door"),
            Principal = Text(json, "principal"),
            Action = Text(json, "action"),
            Resource = json.TryGetProperty("resource", out var resource) ? Entity(resource) : null,
            AlsoRequired = Items(json, "also_required", r => new ResourceRequest(Required(r, "action"), Entity(r.GetProperty("resource")))),
            Decision = Word<DecisionKind>(json, "decision", LogEntryWords.TryParse),
            Code = Text(json, "code"),
            Verdicts = Items(json, "verdicts", Verdict),
            ContentDigest = Text(json, "content_digest"),
            RawBinding = Text(json, "raw_binding"),
            TransportDigest = Text(json, "transport_digest"),
            ResponseDigest = Text(json, "response_digest"),
            Targets = Items(json, "targets", t => new EffectTarget(Required(t, "provider"), Required(t, "name"), Text(t, "region"))),
            Unread = Items(json, "unread", u => u.GetString()!),
            Outcome = Word<OutcomeKind>(json, "outcome", LogEntryWords.TryParse),
            Usage = json.TryGetProperty("usage", out var usage) ? ReadUsage(usage) : null,
            Budgets = Items(json, "budgets", Posting),
            Durability = Text(json, "durability"),
            Count = json.TryGetProperty("count", out var count) ? count.GetInt32() : null,
            Detail = Text(json, "detail"),
            DecisionId = version > 1 ? Text(json, "decision_id") : null,
            CertificateHash = version > 1 ? Text(json, "certificate_hash") : null,
            Statement = version > 1 ? Text(json, "statement") : null,
        };
        return new LogEntry(json.GetProperty("seq").GetInt64(), Required(json, "key_id"), body);
    }

    private static VerdictRecord Verdict(JsonElement json) => new(
        Required(json, "guard"),
        Required(json, "answer"),
        Text(json, "code"),
        json.TryGetProperty("shadow", out _),
        json.TryGetProperty("failed_open", out _),
        Items(json, "findings", f => new Finding(Required(f, "rule"), Text(f, "address"), f.GetProperty("count").GetInt32(), Text(f, "note"))),
        TimeSpan.FromMicroseconds(json.GetProperty("elapsed_us").GetInt64()));

    private static Usage ReadUsage(JsonElement json) => new(json.GetProperty("input_tokens").GetInt64(), json.GetProperty("output_tokens").GetInt64())
    {
        LongCacheWriteTokens = Count(json, "cache_write_long_tokens") ?? 0,
        CacheWriteTokens = Count(json, "cache_write_tokens") ?? 0,
        CachedInputTokens = Count(json, "cached_input_tokens") ?? 0,
        ReasoningTokens = Count(json, "reasoning_tokens") ?? 0,
        Estimated = json.TryGetProperty("estimated", out _),
        CostUsd = Count(json, "cost_nano_usd") / LogEntryFormat.NanoUsd,
    };

    private static BudgetPosting Posting(JsonElement json) => new(
        Required(json, "rule"),
        Required(json, "subject"),
        DateTimeOffset.Parse(Required(json, "window"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        json.GetProperty("nano_usd").GetInt64());

    private static long? Count(JsonElement json, string name) => json.TryGetProperty(name, out var count) ? count.GetInt64() : null;

    private static EntityRef Entity(JsonElement json) => new(Required(json, "type"), Required(json, "id"));

    private static string Required(JsonElement json, string name)
        => json.GetProperty(name).GetString() ?? throw new FormatException("A required member is null.");

    private static string? Text(JsonElement json, string name)
        => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static ImmutableArray<T> Items<T>(JsonElement json, string name, Func<JsonElement, T> read)
        => json.TryGetProperty(name, out var array) ? [.. array.EnumerateArray().Select(read)] : [];

    private static T? Word<T>(JsonElement json, string name, TryReader<T> read)
        where T : struct
        => !json.TryGetProperty(name, out var value) ? null
            : read(value.GetString(), out var word) ? word
            : throw new FormatException("Unknown word.");

    private delegate bool TryReader<T>(string? word, out T value);

    private enum HeaderMember
    {
        Other,
        Tenant,
        KeyId,
        At,
        Seq,
        Action,
        Kind,
        Statement,
    }
}
