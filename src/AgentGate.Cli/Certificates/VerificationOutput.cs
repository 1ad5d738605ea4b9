using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentGate.Cli.Policies;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Cli.Certificates;

/// <summary>Prints what a verification found: what was re-derived apart from what is only attested.</summary>
internal static class VerificationOutput
{
    /// <summary>For people: a line for each step, then what it comes to.</summary>
    public static void Print(TextWriter output, VerificationReport report)
    {
        foreach (var (name, outcome, explanation) in report.Steps)
        {
            output.WriteLine($"{Word(outcome),-8}{name,-12}{Printable(explanation)}");
        }

        if (report.Certificate is { } certificate)
        {
            output.WriteLine();
            output.WriteLine($"decision    {Decision(certificate)}");
            output.WriteLine($"predicates  {(report.ReExecuted ? "re-derived" : "stated, not re-derived")}: {Predicates(certificate)}");
            foreach (var verdict in certificate.Verdicts)
            {
                output.WriteLine($"attested    {Printable(verdict.Guard)}: {Printable(verdict.Answer)}{(verdict.Code is null ? "" : $" ({Printable(verdict.Code)})")}{(verdict.Shadow ? ", not enforced" : "")}");
            }
        }

        output.WriteLine();
        output.WriteLine(Conclusion(report));
    }

    /// <summary>For programs.</summary>
    public static void PrintJson(TextWriter output, VerificationReport report) => JsonOutput.Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("valid", report.Valid);
        writer.WriteBoolean("bundle", report.HasBundle);
        writer.WriteBoolean("erased", report.Erased);
        writer.WriteBoolean("re_executed", report.ReExecuted);
        writer.WriteStartArray("steps");
        foreach (var (name, outcome, explanation) in report.Steps)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("outcome", Word(outcome));
            writer.WriteString("explanation", explanation);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (report.Certificate is { } certificate)
        {
            Write(writer, certificate);
        }

        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, DecisionCertificate certificate)
    {
        writer.WriteStartObject("stated");
        writer.WriteString("decision_id", certificate.DecisionId);
        writer.WriteString("certificate_hash", certificate.Hash);
        writer.WriteString("decision", LogEntryWords.Of((DecisionKind?)certificate.Decision));
        writer.WriteString("mode", CertificateWords.Of(certificate.Mode));
        writer.WriteString("stage", CertificateWords.Of(certificate.Stage));
        writer.WriteString("result", AdmissibilityWords.Of(certificate.Result));
        writer.WriteString("proof_type", CertificateWords.Of(certificate.ProofType));
        writer.WriteEndObject();
        writer.WriteStartArray("attested");
        foreach (var verdict in certificate.Verdicts)
        {
            writer.WriteStartObject();
            writer.WriteString("guard", verdict.Guard);
            writer.WriteString("answer", verdict.Answer);
            if (verdict.Code is not null)
            {
                writer.WriteString("code", verdict.Code);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static string Decision(DecisionCertificate certificate)
        => string.Create(
            CultureInfo.InvariantCulture,
            $"{LogEntryWords.Of((DecisionKind?)certificate.Decision)}{(certificate.Code is null ? "" : $" ({Printable(certificate.Code)})")}, {CertificateWords.Of(certificate.Mode)}, {CertificateWords.Of(certificate.Stage)}: {AdmissibilityWords.Of(certificate.Result)} ({CertificateWords.Of(certificate.ProofType)})");

    private static string Predicates(DecisionCertificate certificate)
        => string.Join(", ", certificate.Predicates.Select(static finding => $"{AdmissibilityWords.Of(finding.Predicate)} {AdmissibilityWords.Of(finding.Value)}"));

    private static string Conclusion(VerificationReport report)
        => !report.Valid ? "NOT VALID"
            : !report.HasBundle ? "valid, without a bundle: neither re-executed nor found in the log"
            : report.Erased ? "valid, erased: signed and in the log, not re-executed"
            : report.ReExecuted ? "valid"
            : "valid: there was nothing to re-execute";

    private static string Word(StepOutcome outcome) => outcome switch
    {
        StepOutcome.Ok => "ok",
        StepOutcome.Failed => "FAILED",
        _ => "skipped",
    };

    /// <summary>What a certificate holds is not ours: it must not move the cursor or turn text around.</summary>
    private static string Printable(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isSafe = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
            safe.Append(isSafe ? rune.ToString() : "?");
        }

        return safe.ToString();
    }
}
