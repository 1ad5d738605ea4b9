using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Admissibility;

/// <summary>α as canonical JSON (docs/formats/certificate.md). Pure and thread-safe.</summary>
public static class AlphaJson
{
    [ThreadStatic]
    private static CanonicalBuffer? t_output;

    /// <summary>Writes α.</summary>
    /// <param name="alpha">The request.</param>
    /// <returns>Its canonical bytes.</returns>
    /// <exception cref="FormatException">
    /// It holds what canonical JSON cannot hold exactly: an integer beyond ±(2⁵³ − 1), a reserved name, too deep a value. Such a call
    /// has no certificate and must be refused.
    /// </exception>
    public static byte[] Write(Alpha alpha)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        var output = t_output ??= new CanonicalBuffer(4096);
        output.Truncate(0);
        AlphaWriter.Write(output, alpha);
        return output.Written.ToArray();
    }

    /// <summary>Reads α.</summary>
    /// <param name="utf8Json">JSON; layout and order of members do not count. At most 4,096 questions, stores and contexts each.</param>
    /// <exception cref="FormatException">It is not α: the message names the member.</exception>
    public static Alpha Parse(ReadOnlySpan<byte> utf8Json)
    {
        using var document = StrictJson.Parse(utf8Json);
        return AlphaDocument.Read(document.Root("alpha")).ToAlpha();
    }

    /// <summary>The hash of canonical bytes: of α, Γ, settings or anything else.</summary>
    /// <param name="canonical">The bytes.</param>
    /// <returns>SHA-256, lower-case hex.</returns>
    public static string Hash(ReadOnlySpan<byte> canonical) => CanonicalHash.Of(canonical);
}
