using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentGate.Client;
using AgentGate.Client.Plans;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Plans;
using AgentGate.Plans;

namespace AgentGate.Server.Plans;

/// <summary>Reads questions and plans, strictly. What only the server's own records can say is refused by name, never believed and never passed over.</summary>
internal static class PlanReading
{
    private const int DepthMax = 64;

    /// <summary>What belongs to a request; everything else in a context is a claim.</summary>
    private static readonly string[] s_own = ["arguments", "tool"];

    private static readonly string[] s_targets = ["Path", "Url", "Bucket", "Address", "Item"];
    private static readonly string[] s_types = ["Tool", "Model", "ModelList", "ProviderTool", "FetchedContent", "PolicySet", .. s_targets];

    /// <summary>The body as a record.</summary>
    /// <exception cref="PlanProblem">It is not that.</exception>
    public static async Task<T> BodyAsync<T>(HttpContext context, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(
                context.Request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DepthMax }, cancellationToken);
            RefuseLoneSurrogates(document.RootElement);
            return document.Deserialize(type) ?? throw PlanProblem.Invalid("body", "The body must be a JSON object.");
        }
        catch (BadHttpRequestException refused)
        {
            throw new PlanProblem(
                refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? Codes.TooLarge : Codes.EvaluationInvalid, refused.StatusCode, "The body is too large, or broke off.", null);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            var member = fault is JsonException { Path: { Length: > 2 } path } ? path[2..] : "body";
            throw PlanProblem.Invalid(member, $"The body is not what this route takes, at \"{member}\": unknown members, members twice and other types are refused.");
        }
    }

    /// <summary>Half a character is no text, though JSON can escape it: whoever reads it later would fail, so it is refused here.</summary>
    /// <exception cref="InvalidOperationException">A name or a string holds one.</exception>
    private static void RefuseLoneSurrogates(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    RefuseLoneSurrogates(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    RefuseLoneSurrogates(member.Value);
                }

                break;
        }
    }

    /// <summary>Refuses a principal or tenant that the key does not say.</summary>
    public static void OwnOnly(Principal caller, string? principal, string? tenant)
    {
        if (principal is not null && principal != caller.Id)
        {
            throw PlanProblem.Claim("principal", "The key says who asks. To act for another, name a grant as \"delegation_ref\".");
        }

        if (tenant is not null && tenant != caller.Tenant)
        {
            throw PlanProblem.Claim("tenant_id", "The key says whose tenant it is.");
        }
    }

    /// <summary>A plan's steps.</summary>
    public static IReadOnlyList<PlanStep> Steps(PlanRequest plan)
        => [.. (plan.Steps ?? throw PlanProblem.Invalid("steps", "Send the plan's \"steps\", an array; an empty one is safe."))
            .Select((step, i) => Step($"steps[{i}]", step ?? throw PlanProblem.Invalid($"steps[{i}]", "A step must be an object.")))];

    /// <summary>A plan's tier.</summary>
    public static PlanTier Tier(PlanRequest plan)
        => plan.RiskTier is null ? PlanTier.High
            : PlanTiers.TryParse(plan.RiskTier, out var tier) ? tier
            : throw PlanProblem.Invalid("risk_tier", $"\"risk_tier\" must be one of {string.Join(", ", PlanTiers.Words)}.");

    /// <summary>One step.</summary>
    /// <param name="at">Where it stands, for messages; empty for a question.</param>
    /// <param name="step">The step.</param>
    public static PlanStep Step(string at, PlanStepRequest step)
    {
        var (arguments, tool) = Context(Join(at, "context"), step.Context);
        return new PlanStep
        {
            Action = step.Action,
            Resource = step.Resource is { } resource ? Resource(Join(at, "resource"), step.Action, resource) : null,
            Arguments = arguments,
            Tool = tool,
            DelegationRef = step.DelegationRef,
            Effects = step.Effects is not { } effects ? PlanEffects.None : new PlanEffects
            {
                AddFacts = Words(effects.AddFacts), RemoveFacts = Words(effects.RemoveFacts), Revokes = Words(effects.Revokes), Attests = Words(effects.Attests),
            },
        };
    }

    private static (ReadOnlyMemory<byte> Arguments, string? Tool) Context(string at, JsonElement? context)
    {
        if (context is not { } given || given.ValueKind == JsonValueKind.Null)
        {
            return (default, null);
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw PlanProblem.Invalid(at, $"\"{at}\" must be an object.");
        }

        foreach (var member in given.EnumerateObject().Where(static member => !s_own.Contains(member.Name)))
        {
            throw PlanProblem.Claim(
                $"{at}.{member.Name}",
                $"\"{at}.{member.Name}\" is not the caller's to say: second factors, approvals, roles, addresses and permissions come from the server's own records. Leave it out.");
        }

        ReadOnlyMemory<byte> arguments = default;
        if (given.TryGetProperty("arguments", out var sent))
        {
            arguments = sent.ValueKind == JsonValueKind.Object
                ? JsonSerializer.SerializeToUtf8Bytes(sent, AgentGateJson.Default.JsonElement)
                : throw PlanProblem.Invalid($"{at}.arguments", $"\"{at}.arguments\" must be an object.");
        }

        return (arguments, given.TryGetProperty("tool", out var tool)
            ? tool.ValueKind == JsonValueKind.String ? tool.GetString() : throw PlanProblem.Invalid($"{at}.tool", $"\"{at}.tool\" must be a string.")
            : null);
    }

    private static EntityRef? Resource(string at, string? action, JsonElement resource)
    {
        switch (resource.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return Resource(action, resource.GetString()!);
            case JsonValueKind.Object when resource.GetPropertyCount() == 2
                && resource.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
                && resource.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String:
                var name = type.GetString()!;
                return new EntityRef(name.Contains("::", StringComparison.Ordinal) ? name : "AgentGate::" + name, id.GetString()!);
            default:
                throw PlanProblem.Invalid(at, $"\"{at}\" must be text such as \"Tool:crm/find\" or \"/prod/db\", or an object of \"type\" and \"id\".");
        }
    }

    /// <summary>Text as scopes of grants spell it, <c>Path:/prod/db</c>; without a type, by what the action is done to and how the text begins.</summary>
    private static EntityRef Resource(string? action, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && s_types.Contains(text[..colon]))
        {
            return new EntityRef("AgentGate::" + text[..colon], text[(colon + 1)..]);
        }

        if (action is null || !GateActions.Effects.Contains(action))
        {
            return new EntityRef(GatePlanWorld.TypeOf(action ?? ""), text);
        }

        var scheme = text.IndexOf("://", StringComparison.Ordinal) is > 0 and var end ? text[..end].ToLowerInvariant() : null;
        return new EntityRef(
            "AgentGate::" + (scheme is "http" or "https" ? "Url" : scheme is not null ? "Bucket" : text.StartsWith('/') ? "Path" : "Item"), text);
    }

    private static ImmutableArray<string> Words(IReadOnlyList<string>? words) => words is null ? [] : [.. words.Select(static word => word ?? "")];

    private static string Join(string at, string member) => at.Length == 0 ? member : $"{at}.{member}";
}
