using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentGate.Cli.Policies;
using AgentGate.Client;
using AgentGate.Client.Plans;

namespace AgentGate.Cli.Plans;

/// <summary><c>agentgate plan</c>: plans, verified by a server before their first step.</summary>
internal static class PlanCommand
{
    /// <summary>Where the key comes from: a command line is no place for a secret.</summary>
    private const string KeyVariable = "AGENTGATE_API_KEY";

    public static Command Create(Terminal terminal) => new("plan", "Verify plans before their first step (docs/plans.md).") { Verify(terminal) };

    private static Command Verify(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The plan as JSON, as the server's route takes it, or - for the standard input." };
        var server = new Option<string>("--server")
        {
            Description = $"The server's address. The key, with the scope admissibility:evaluate, comes from {KeyVariable}.", HelpName = "URL",
            DefaultValueFactory = static _ => "http://localhost:8000",
        };
        var json = PolicyOptions.Json();
        var command = new Command("verify", "Ask a server whether every step of a plan is admissible. Exit status: 0 safe, 1 unsafe or refused, 2 unusable.") { file, server, json };
        command.SetAction((line, cancellation) => RunAsync(
            InputFile.Read(line.GetRequiredValue(file), terminal), line.GetRequiredValue(server), line.GetValue(json), terminal, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(InputFile file, string server, bool asJson, Terminal terminal, CancellationToken cancellationToken)
    {
        PlanRequest plan;
        try
        {
            plan = JsonSerializer.Deserialize(file.Bytes, AgentGateJson.Default.PlanRequest) ?? throw new UnusableInputException($"{file.Name} is no plan.");
        }
        catch (JsonException fault)
        {
            throw new UnusableInputException($"{file.Name} is no plan: at {fault.Path ?? "its beginning"}, line {(fault.LineNumber + 1)?.ToString(CultureInfo.InvariantCulture)}.");
        }

        if (!Uri.TryCreate(server.EndsWith('/') ? server : server + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new UnusableInputException($"--server {server}: an http or https address is expected.");
        }

        var key = Environment.GetEnvironmentVariable(KeyVariable);
        if (string.IsNullOrWhiteSpace(key))
        {
            throw new UnusableInputException($"{KeyVariable} is not set: it holds the key that asks.");
        }

        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            var answer = await new AgentGateClient(http).VerifyPlanAsync(plan, cancellationToken);
            Print(answer, asJson, terminal);
            return answer.Safe ? ExitCode.Ok : ExitCode.Finding;
        }
        catch (AgentGateApiException refused) when ((int)refused.Status is 400 or 403)
        {
            terminal.Out.WriteLine($"refused: {refused.Message}");
            return ExitCode.Finding;
        }
        catch (Exception failure) when (failure is AgentGateApiException or HttpRequestException)
        {
            throw new UnusableInputException($"{server} does not answer the question: {failure.Message}");
        }
    }

    private static void Print(PlanResponse answer, bool asJson, Terminal terminal)
    {
        if (asJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(answer, AgentGateJson.Readable.PlanResponse));
            return;
        }

        foreach (var step in answer.Trace)
        {
            terminal.Out.WriteLine($"{step.StepIndex,3}  {step.Result,-13} {step.Action} {step.Resource}");
        }

        terminal.Out.WriteLine(answer.Safe
            ? $"safe: {answer.EvaluatedSteps} steps{(answer.Assumptions.Count > 0 ? $", assuming {string.Join(", ", answer.Assumptions)}" : "")}"
            : $"unsafe: step {answer.BlockedStepIndex} is blocked. {answer.BlockedReason} {answer.TotalSteps - answer.EvaluatedSteps} steps after it were not evaluated.");
    }
}
