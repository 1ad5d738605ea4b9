using System.CommandLine;
using System.Text;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cli.Policies;

/// <summary><c>policy eval</c>: one request, answered.</summary>
internal static class EvalCommand
{
    public static Command Create(Terminal terminal)
    {
        var policies = new Option<string[]>("--policies")
        {
            Description = "Policies in Cedar text or JSON: files, folders (their *.cedar) or patterns.", HelpName = "FILE", Required = true, AllowMultipleArgumentsPerToken = true,
        };
        var request = new Option<string?>("--request") { Description = "A JSON file with principal, action, resource and context.", HelpName = "FILE" };
        var principal = new Option<string?>("--principal") { Description = "Who asks, for example 'User::\"alice\"'.", HelpName = "ENTITY" };
        var action = new Option<string?>("--action") { Description = "What is asked, for example 'Action::\"view\"'.", HelpName = "ENTITY" };
        var resource = new Option<string?>("--resource") { Description = "What it acts on.", HelpName = "ENTITY" };
        var context = new Option<string?>("--context") { Description = "The circumstances: a JSON file, or JSON that begins with a brace.", HelpName = "FILE|JSON" };
        var entities = new Option<string?>("--entities") { Description = "The entities, a JSON array.", HelpName = "FILE" };
        var schema = PolicyOptions.Schema();
        var ids = PolicyOptions.Ids();
        var json = PolicyOptions.Json();
        var command = new Command(
            "eval",
            "Answer one request: the decision, the policies that determined it, and those that failed. Exit 0: allow; 1: deny; 2: no answer. "
            + "With a schema, entities, context and request must conform to it.")
        {
            policies, request, principal, action, resource, context, entities, schema, ids, json,
        };
        command.Validators.Add(line =>
        {
            var parts = new[] { principal, action, resource }.Count(option => line.GetValue(option) is not null);
            if (line.GetValue(request) is null ? parts != 3 : parts + (line.GetValue(context) is null ? 0 : 1) != 0)
            {
                line.AddError("say who asks what: --request FILE alone, or --principal, --action and --resource");
            }
        });
        command.SetAction(line =>
        {
            var known = line.GetValue(schema) is { } path ? PolicyFiles.Schema(InputFile.Read(path, terminal)) : null;
            var set = PolicyFiles.Load(
                [.. InputFile.Expand(line.GetRequiredValue(policies), ".cedar").Select(name => InputFile.Read(name, terminal))], line.IdSource(ids));
            var store = line.GetValue(entities) is { } file ? PolicyFiles.Entities(InputFile.Read(file, terminal), known)
                : known is null ? EntityStore.Empty : EntityStore.Create(known.ActionEntities());
            var asked = line.GetValue(request) is { } whole
                ? RequestFile.Parse(InputFile.Read(whole, terminal))
                : new RequestFile(
                    EntityText.Parse(line.GetValue(principal)!, "principal"), EntityText.Parse(line.GetValue(action)!, "action"),
                    EntityText.Parse(line.GetValue(resource)!, "resource"), line.GetValue(context) is { } text ? Context(text, terminal) : null);
            var facts = asked.Context is { } given ? PolicyFiles.Use(given, () => EntitiesJson.ParseContext(given.Bytes, known, asked.Action)) : CedarRecord.Empty;
            var question = new AuthorizationRequest(asked.Principal, asked.Action, asked.Resource, facts);
            if (known is not null && new RequestValidator(known).Check(question) is { IsEmpty: false } problems)
            {
                throw new UnusableInputException("the request does not conform to the schema:\n" + string.Join("\n", problems));
            }

            var result = Authorizer.Create(set).Authorize(question, store);
            Print(terminal.Out, result, line.GetValue(json));
            return result.Decision == AuthorizationDecision.Allow ? ExitCode.Ok : ExitCode.Finding;
        });
        return command;
    }

    private static InputFile Context(string text, Terminal terminal)
        => text.AsSpan().TrimStart() is ['{', ..] ? new InputFile("--context", Encoding.UTF8.GetBytes(text)) : InputFile.Read(text, terminal);

    private static void Print(TextWriter output, AuthorizationResult result, bool json)
    {
        var decision = result.Decision == AuthorizationDecision.Allow ? "allow" : "deny";
        if (json)
        {
            JsonOutput.Write(output, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("decision", decision);
                writer.Write("reason", result.DeterminingPolicies);
                writer.Write("errors", result.Errors.Select(error => ((string?)error.Kind.ToString(), error.Diagnostic with { PolicyId = error.PolicyId })));
                writer.WriteEndObject();
            });
            return;
        }

        output.WriteLine(decision);
        output.WriteLine(result.DeterminingPolicies.IsEmpty ? "because no policy permits it" : $"because of {string.Join(", ", result.DeterminingPolicies)}");
        foreach (var error in result.Errors)
        {
            output.WriteLine($"error: {error.Diagnostic with { PolicyId = error.PolicyId }}");
        }
    }
}
