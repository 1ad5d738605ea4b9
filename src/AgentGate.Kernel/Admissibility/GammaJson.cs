using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Admissibility;

/// <summary>Γ as canonical JSON (docs/formats/certificate.md). Pure and thread-safe.</summary>
public static class GammaJson
{
    /// <summary>Writes Γ.</summary>
    /// <param name="gamma">What was in force.</param>
    /// <returns>Its canonical bytes.</returns>
    public static byte[] Write(Gamma gamma)
    {
        ArgumentNullException.ThrowIfNull(gamma);
        var output = new CanonicalBuffer(1024);
        var json = new CanonicalWriter(output);
        json.BeginObject();
        json.Name("\"grants_root\":"u8);
        json.Text(gamma.GrantsRoot);
        json.Name("\"grants_size\":"u8);
        json.Number(gamma.GrantsSize);
        json.Name("\"policy_set_hash\":"u8);
        json.Text(gamma.PolicySetHash);
        json.Name("\"revocations_root\":"u8);
        json.Text(gamma.RevocationsRoot);
        json.Name("\"revocations_size\":"u8);
        json.Number(gamma.RevocationsSize);
        json.Name("\"settings_hash\":"u8);
        json.Text(gamma.SettingsHash);
        json.Name("\"tenant\":"u8);
        json.Text(gamma.Tenant);
        json.Name("\"version\":"u8);
        json.Number(1);
        json.EndObject();
        return output.Written.ToArray();
    }

    /// <summary>The hash of Γ, which changes with what is in force and not with each call.</summary>
    /// <param name="gamma">What was in force.</param>
    /// <returns>SHA-256 of its canonical bytes, lower-case hex.</returns>
    public static string Hash(Gamma gamma) => CanonicalHash.Of(Write(gamma));

    /// <summary>Reads Γ.</summary>
    /// <param name="utf8Json">JSON; layout and order of members do not count.</param>
    /// <exception cref="FormatException">It is not Γ: the message names the member.</exception>
    public static Gamma Parse(ReadOnlySpan<byte> utf8Json)
    {
        using var document = StrictJson.Parse(utf8Json);
        return Read(document.Root("gamma"));
    }

    internal static Gamma Read(StrictElement json)
    {
        json.Members(["version", "tenant", "policy_set_hash", "settings_hash", "grants_root", "grants_size", "revocations_root", "revocations_size"]);
        json["version"].Version();
        return new Gamma(
            json["tenant"].Text(),
            json["policy_set_hash"].Hash(),
            json["settings_hash"].Hash(),
            json["grants_root"].Hash(),
            json["grants_size"].Count(),
            json["revocations_root"].Hash(),
            json["revocations_size"].Count());
    }
}
