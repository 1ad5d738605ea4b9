using System.Collections.Immutable;
using System.CommandLine;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cli.Policies;

/// <summary><c>policy check</c>: do the policies parse, and do they fit a schema?</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = PolicyOptions.Files("Policies in Cedar text or JSON: files, folders (their *.cedar), patterns, or - for the standard input.");
        var schema = PolicyOptions.Schema();
        var permissive = new Option<bool>("--permissive") { Description = "Insist only on what keeps evaluation free of type errors." };
        var json = PolicyOptions.Json();
        var command = new Command("check", "Say whether policies parse and, with a schema, whether they are valid. Exit 0: all are; 1: something is wrong.")
        {
            files, schema, permissive, json,
        };
        command.SetAction(line => Run(
            terminal,
            InputFile.Expand(line.GetRequiredValue(files), ".cedar"),
            line.GetValue(schema) is { } path ? PolicyFiles.Schema(InputFile.Read(path, terminal)) : null,
            line.GetValue(permissive) ? ValidationMode.Permissive : ValidationMode.Strict,
            line.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, IReadOnlyList<string> names, CedarSchema? schema, ValidationMode mode, bool json)
    {
        var checks = names.Select(name => Check(InputFile.Read(name, terminal), schema, mode)).ToList();
        if (json)
        {
            Print(terminal.Out, checks);
        }

        foreach (var check in checks.Where(_ => !json))
        {
            foreach (var (kind, diagnostic) in check.Errors)
            {
                terminal.Error.WriteLine($"{check.File}:{diagnostic}{(kind is null ? "" : $"\nkind: {kind}")}");
            }

            foreach (var (kind, diagnostic) in check.Warnings)
            {
                terminal.Error.WriteLine($"{check.File}:warning: {diagnostic}{(kind is null ? "" : $"\nkind: {kind}")}");
            }

            terminal.Out.WriteLine(check.Set is { } set
                ? $"{check.File}: {Counted(set.Policies.Count, "policy", "policies")}, {Counted(set.Templates.Count, "template", "templates")}, "
                    + $"{Counted(check.Errors.Length, "error", "errors")}, {Counted(check.Warnings.Length, "warning", "warnings")}"
                : $"{check.File}: does not parse");
        }

        return checks.TrueForAll(check => check.Errors.IsEmpty) ? ExitCode.Ok : ExitCode.Finding;
    }

    private static void Print(TextWriter output, List<Checked> checks) => JsonOutput.Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", checks.TrueForAll(check => check.Errors.IsEmpty));
        writer.WriteStartArray("files");
        foreach (var check in checks)
        {
            writer.WriteStartObject();
            writer.WriteString("file", check.File);
            writer.WriteBoolean("parses", check.Set is not null);
            writer.WriteNumber("policies", check.Set?.Policies.Count ?? 0);
            writer.WriteNumber("templates", check.Set?.Templates.Count ?? 0);
            writer.Write("errors", check.Errors);
            writer.Write("warnings", check.Warnings);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static Checked Check(InputFile file, CedarSchema? schema, ValidationMode mode)
    {
        try
        {
            var set = PolicyFiles.Parse(file, PolicyIdSource.Position);
            var result = schema is null ? new ValidationResult([], []) : new Validator(schema).Validate(set, mode);
            return new Checked(file.Name, set, Findings(result.Errors), Findings(result.Warnings));
        }
        catch (PolicySyntaxException exception)
        {
            return new Checked(file.Name, null, [.. exception.Diagnostics.Select(diagnostic => ((string?)null, diagnostic))], []);
        }
    }

    private static ImmutableArray<(string? Kind, CedarDiagnostic Diagnostic)> Findings(ImmutableArray<ValidationFinding> findings)
        => [.. findings.Select(finding => ((string?)finding.Kind.ToString(), finding.Diagnostic))];

    private static string Counted(int number, string one, string many) => $"{number} {(number == 1 ? one : many)}";

    private sealed record Checked(
        string File, PolicySet? Set, ImmutableArray<(string? Kind, CedarDiagnostic Diagnostic)> Errors, ImmutableArray<(string? Kind, CedarDiagnostic Diagnostic)> Warnings);
}
