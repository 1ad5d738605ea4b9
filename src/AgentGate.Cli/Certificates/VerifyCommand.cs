using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;

namespace AgentGate.Cli.Certificates;

/// <summary><c>agentgate verify</c>: one certificate, re-executed and checked without the server.</summary>
internal static class VerifyCommand
{
    public static Command Create(Terminal terminal)
    {
        var certificate = new Argument<string?>("certificate")
        {
            Description = "The certificate, or a bundle, which holds its certificate. `-` is the standard input.", Arity = ArgumentArity.ZeroOrOne, HelpName = "FILE",
        };
        var bundle = new Option<string?>("--bundle")
        {
            Description = "What the decision rests on: GET /api/security/certificates/{id}/bundle. Without it nothing is re-executed.", HelpName = "FILE",
        };
        var keys = new Option<string?>("--keys")
        {
            Description = "The server's public keys, from where you trust them to be: GET /.well-known/agentgate/keys.json. Without them nothing verifies.", HelpName = "FILE",
        };
        var at = new Option<string?>("--at")
        {
            Description = "The moment of use, for example 2026-01-31T09:30:00Z, or `now`: it must be within the window. Without it an old decision stays a decision.", HelpName = "TIME",
        };
        var witnesses = new Option<string?>("--witness-policy")
        {
            Description = "Who must have cosigned the log: {\"quorum\": 2, \"witnesses\": [\"name+id+key\", ...]}.", HelpName = "FILE",
        };
        var erased = new Option<bool>("--allow-erased")
        {
            Description = "Exit 0 also where the bundle says that its evidence was erased. Whoever holds a bundle can say that: ask the log for the erasure.",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command(
            "verify",
            "Verify a decision's certificate offline: signature, re-execution from request, knowledge and policies, place in the log. "
            + "Each step is explained. What the guards answered is attested by the server; the six predicates are re-derived here. "
            + "Exit 0: valid; 1: not valid; 2: a file cannot be read or an option cannot be used; 3: valid, and said to be erased, so not re-executed.")
        {
            certificate, bundle, keys, at, witnesses, erased, json,
        };
        command.Validators.Add(line =>
        {
            if (line.GetValue(certificate) is null && line.GetValue(bundle) is null)
            {
                line.AddError("name a certificate, or a bundle with --bundle");
            }
        });
        command.SetAction(line =>
        {
            var options = new VerificationOptions
            {
                At = line.GetValue(at) is { } moment ? Moment(moment) : null,
                Witnesses = line.GetValue(witnesses) is { } policy ? WitnessPolicyFile.Read(policy, terminal) : null,
            };
            var known = line.GetValue(keys) is { } set ? VerifierKeys.Read(DocumentFile.Read(set, JsonWebKeys.LengthMax, terminal)) : VerifierKeys.None;
            var first = line.GetValue(certificate) is { } file ? DocumentFile.Read(file, BundleVerifier.BundleLengthMax, terminal) : [];
            var second = line.GetValue(bundle) is { } proof ? DocumentFile.Read(proof, BundleVerifier.BundleLengthMax, terminal) : [];
            var report = second.Length == 0 && IsBundle(first) ? BundleVerifier.Verify(default, first, known, options) : BundleVerifier.Verify(first, second, known, options);
            if (line.GetValue(json))
            {
                VerificationOutput.PrintJson(terminal.Out, report);
            }
            else
            {
                VerificationOutput.Print(terminal.Out, report);
            }

            return !report.Valid ? ExitCode.Finding
                : report.Erased && !line.GetValue(erased) ? ExitCode.NotReExecuted
                : ExitCode.Ok;
        });
        return command;
    }

    private static DateTimeOffset Moment(string text)
        => text == "now" ? TimeProvider.System.GetUtcNow()
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) ? moment
            : throw new UnusableInputException($"--at is no time: write it like 2026-01-31T09:30:00Z, or `now`");

    private static bool IsBundle(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("certificate"u8))
                {
                    return true;
                }

                reader.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // What is wrong with it is told by the verifier.
            return false;
        }

        return false;
    }
}
