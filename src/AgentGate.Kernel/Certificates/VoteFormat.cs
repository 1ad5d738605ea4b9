using System.Globalization;
using System.Text.Json;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>A vote as canonical JSON (RFC 8785), strictly: other members, other spellings and other words are refused.</summary>
internal static class VoteFormat
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Writes a vote: with what <paramref name="signed"/> adds, or without, which is what is signed.</summary>
    /// <remarks>INVARIANT: members stand in canonical order; a property test compares with <see cref="CanonicalJson"/>.</remarks>
    public static byte[] Write(Vote vote, SignedVote? signed)
    {
        var output = new CanonicalBuffer(1024);
        var json = new CanonicalWriter(output);
        json.BeginObject();
        Text(ref json, "\"alpha_hash\":"u8, vote.AlphaHash);
        Text(ref json, "\"at\":"u8, vote.At.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture));
        Text(ref json, "\"decision_id\":"u8, vote.DecisionId);
        Text(ref json, "\"gamma_hash\":"u8, vote.GammaHash);
        if (signed is not null)
        {
            Text(ref json, "\"key_id\":"u8, signed.KeyId);
        }

        Text(ref json, "\"node_id\":"u8, vote.NodeId);
        Text(ref json, "\"nonce\":"u8, vote.Nonce);
        Text(ref json, "\"reason\":"u8, vote.Reason);
        if (signed is not null)
        {
            Text(ref json, "\"signature\":"u8, Convert.ToBase64String(signed.Signature.Span));
        }

        Text(ref json, "\"theorem_hash\":"u8, vote.TheoremHash);
        json.Name("\"version\":"u8);
        json.Number(1);
        Text(ref json, "\"vote\":"u8, vote.IsYes ? "yes" : "no");
        json.EndObject();
        return output.Written.ToArray();
    }

    /// <summary>Reads a vote.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SignedVote Read(ReadOnlySpan<byte> canonical)
    {
        if (canonical.Length > SignedVote.LengthMax)
        {
            throw new FormatException($"A vote has at most {SignedVote.LengthMax} bytes; this has {canonical.Length}.");
        }

        SignedVote signed;
        try
        {
            using var document = JsonDocument.Parse(canonical.ToArray(), new JsonDocumentOptions { MaxDepth = 2, AllowDuplicateProperties = false });
            signed = Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException("A vote must be a JSON object of strings, without a member twice.", exception);
        }

        if (Fault(signed.Vote) is { } fault)
        {
            throw new FormatException($"The vote's '{fault}' does not have its form.");
        }

        // Writing it again is the strictest check there is: unknown members, order, spelling, white space.
        return Write(signed.Vote, signed).AsSpan().SequenceEqual(canonical)
            ? signed
            : throw new FormatException("The bytes are not a vote in canonical form, or have a member that a vote does not have.");
    }

    /// <summary>The member whose form is wrong, or <see langword="null"/>.</summary>
    public static string? Fault(Vote vote)
        => !SafetyNodeId.IsValid(vote.NodeId) ? "node_id"
            : !IsUuid7(vote.DecisionId) ? "decision_id"
            : !IsHex(vote.AlphaHash, 64) ? "alpha_hash"
            : !IsHex(vote.GammaHash, 64) ? "gamma_hash"
            : !IsHex(vote.TheoremHash, 64) ? "theorem_hash"
            : !IsHex(vote.Nonce, 32) ? "nonce"
            : !VoteReasons.Fits(vote.IsYes, vote.Reason) ? "reason"
            : null;

    internal static bool IsHex(string text, int length)
        => text.Length == length && text.All(static c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    private static bool IsUuid7(string text)
        => text.Length == 36 && Guid.TryParseExact(text, "D", out var id) && id.Version == 7
            && !text.Any(char.IsAsciiLetterUpper);

    private static SignedVote Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("A vote must be a JSON object.");
        }

        if (!json.TryGetProperty("version"u8, out var version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out var number) || number != 1)
        {
            throw new FormatException("The vote's 'version' must be 1.");
        }

        var vote = Required(json, "vote");
        var at = Required(json, "at");
        var signature = new byte[VerificationKey.SignatureLength];
        return new SignedVote(
            new Vote
            {
                NodeId = Required(json, "node_id"),
                DecisionId = Required(json, "decision_id"),
                AlphaHash = Required(json, "alpha_hash"),
                GammaHash = Required(json, "gamma_hash"),
                TheoremHash = Required(json, "theorem_hash"),
                IsYes = vote switch { "yes" => true, "no" => false, _ => throw new FormatException("The vote's 'vote' must be yes or no.") },
                Reason = Required(json, "reason"),
                At = DateTimeOffset.TryParseExact(at, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                    ? time
                    : throw new FormatException("The vote's 'at' must be a time in UTC with milliseconds."),
                Nonce = Required(json, "nonce"),
            },
            Required(json, "key_id"),
            Convert.TryFromBase64String(Required(json, "signature"), signature, out var length) && length == signature.Length
                ? signature
                : throw new FormatException("The vote's 'signature' must be 64 bytes in base64."));
    }

    private static string Required(JsonElement json, string name)
        => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"The vote's '{name}' is missing, or is not a string.");

    private static void Text(ref CanonicalWriter json, scoped ReadOnlySpan<byte> name, string value)
    {
        json.Name(name);
        json.Text(value);
    }
}
