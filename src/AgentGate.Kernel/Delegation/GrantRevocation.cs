using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AgentGate.Kernel.Delegation;

/// <summary>A grant that counts no longer, and with it every grant that rests on it. Immutable.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="At">When (UTC, whole milliseconds).</param>
/// <param name="Reason">Why, in 1 to <see cref="GrantRules.ReasonMax"/> characters. Whoever may read a bundle reads it: no personal data.</param>
public sealed record GrantRevocation(string GrantId, DateTimeOffset At, string Reason)
{
    /// <summary>The canonical bytes: the fact of the revocations tree.</summary>
    /// <exception cref="FormatException">A member is not as the format says.</exception>
    public byte[] ToCanonical()
        => GrantRules.IsId(GrantId) && At.Ticks % TimeSpan.TicksPerMillisecond == 0 && Reason is not null ? GrantWriter.Write(this) : throw new FormatException("A revocation names a grant's id, whole milliseconds and a short reason.");

    /// <summary>Whether a text can be the reason of a revocation that is made now: short, and no control character.</summary>
    public static bool IsReason(string? reason) => reason is { Length: > 0 and <= GrantRules.ReasonMax } && GrantText.IsPlain(reason);

    /// <summary>Reads a revocation; <see langword="false"/> for anything but the exact bytes the format writes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> canonical, [NotNullWhen(true)] out GrantRevocation? revocation)
    {
        revocation = null;
        if (canonical.Length > SignedGrant.BytesMax)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(canonical.ToArray(), new JsonDocumentOptions { MaxDepth = 8 });
            var read = GrantReader.ReadRevocation(document.RootElement);
            revocation = read.ToCanonical().AsSpan().SequenceEqual(canonical) ? read : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }

        return revocation is not null;
    }
}
