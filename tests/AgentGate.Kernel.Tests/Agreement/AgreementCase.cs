using System.Text.Json;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>What both verifiers get, byte for byte.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">What it is, or what was done to it: for counting.</param>
/// <param name="Certificate">The file with the certificate.</param>
/// <param name="Bundle">The file with the bundle, if there is one.</param>
/// <param name="Keys">The file with the keys.</param>
/// <param name="At">The moment of use that is asked for, if one is.</param>
/// <param name="Witnesses">The witness policy, if there is one: a quorum and verifier keys.</param>
internal sealed record AgreementCase(int Id, string Kind, byte[]? Certificate, byte[]? Bundle, byte[] Keys, string? At = null, WitnessDemand? Witnesses = null)
{
    /// <summary>The case as the second verifier reads it.</summary>
    public string ToLine()
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("id", Id);
            if (Certificate is not null)
            {
                json.WriteBase64String("certificate_base64", Certificate);
            }

            if (Bundle is not null)
            {
                json.WriteBase64String("bundle_base64", Bundle);
            }

            json.WriteBase64String("keys_base64", Keys);
            if (At is not null)
            {
                json.WriteString("at", At);
            }

            if (Witnesses is not null)
            {
                json.WriteString("witnesses", Witnesses.ToJson());
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }
}

/// <summary>How many of which witnesses must have cosigned.</summary>
/// <param name="Quorum">How many.</param>
/// <param name="Keys">Their verifier keys.</param>
internal sealed record WitnessDemand(int Quorum, IReadOnlyList<string> Keys)
{
    /// <summary>The file.</summary>
    public string ToJson() => JsonSerializer.Serialize(new { quorum = Quorum, witnesses = Keys });
}

/// <summary>What a verifier says.</summary>
/// <param name="Id">Of the case.</param>
/// <param name="IsValid">Whether the certificate is valid.</param>
/// <param name="Failed">The steps that failed, in order, joined by spaces.</param>
internal sealed record CaseVerdict(int Id, bool IsValid, string Failed);
