using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace AgentGate.Benchmarks.Differential;

/// <summary>Our engine, asked the same things. Not thread-safe.</summary>
internal sealed class OurEngine(DifferentialCoverage coverage)
{
    private static readonly JsonSerializerOptions s_written = new() { MaxDepth = 512 };

    /// <summary>What went wrong with writing policies down and reading them again, or <see langword="null"/>.</summary>
    public string? RoundTrip { get; private set; }

    public EngineAnswer Ask(DifferentialCase asked)
    {
        RoundTrip = null;
        try
        {
            return Answer(asked);
        }
        catch (Exception exception)
        {
            // Whatever is thrown beside what the stages declare is a finding.
            return new EngineAnswer { Crash = exception.ToString() };
        }
    }

    private EngineAnswer Answer(DifferentialCase asked)
    {
        var json = asked.Policies.Select(policy => Json(policy.ToString())).ToImmutableArray();
        CedarSchema? schema = null;
        try
        {
            schema = asked.Schema is null ? null : CedarSchema.Parse(asked.Schema);
        }
        catch (SchemaException exception)
        {
            return new EngineAnswer { Schema = exception.Message, Json = json };
        }

        PolicySet set;
        try
        {
            set = Set(asked);
        }
        catch (PolicySyntaxException exception)
        {
            coverage.Count("policies: refused by the parser");
            return new EngineAnswer { Parse = exception.Message, Json = json };
        }

        coverage.Add(set);
        RoundTrip = CheckRoundTrip(asked, set);
        var validation = schema is null ? null : new Validator(schema).Validate(set);
        if (validation is not null)
        {
            coverage.Count(validation.IsValid ? "validation: valid" : "validation: invalid");
            foreach (var error in validation.Errors)
            {
                coverage.Count($"finding: {error.Kind}");
            }
        }

        return new EngineAnswer
        {
            Json = json,

            // What strict mode refuses here the official engine warns of since 4.13 (docs/policies/conformance.md): compared on its own.
            Invalid = Ids(validation?.Errors.Where(error => error.Kind != ValidationFindingKind.InvalidActionApplication)),
            Inapplicable = Ids(validation?.Errors.Concat(validation.Warnings).Where(finding => finding.Kind == ValidationFindingKind.InvalidActionApplication)),
            Validation = string.Join("; ", validation?.Errors.Select(error => $"{error.Kind}: {error.Diagnostic.PolicyId}: {error.Diagnostic.Message}") ?? []),
            Requests = Requests(asked, schema, Authorizer.Create(set)),
        };
    }

    private ImmutableArray<EngineAnswer.RequestAnswer> Requests(DifferentialCase asked, CedarSchema? schema, Authorizer authorizer)
    {
        EntityStore entities;
        try
        {
            entities = EntitiesJson.Parse(Bytes(new JsonArray([.. asked.Entities.Select(entity => entity.DeepClone())])), schema);
        }
        catch (EntityDataException exception)
        {
            coverage.Count("entities: refused");
            return [.. asked.Requests.Select(_ => Refused(exception.Message))];
        }

        return [.. asked.Requests.Select(request => Request(request, schema, authorizer, entities))];
    }

    private EngineAnswer.RequestAnswer Request(JsonObject asked, CedarSchema? schema, Authorizer authorizer, EntityStore entities)
    {
        var action = Uid(asked["action"]!);
        CedarRecord context;
        try
        {
            context = EntitiesJson.ParseContext(Bytes(asked["context"]!), schema, schema is null ? null : action);
        }
        catch (EntityDataException exception)
        {
            coverage.Count("context: refused");
            return Refused(exception.Message);
        }

        var request = new AuthorizationRequest(Uid(asked["principal"]!), action, Uid(asked["resource"]!), context);
        if (schema is not null && new RequestValidator(schema).Check(request) is { IsEmpty: false } problems)
        {
            coverage.Count("request: refused");
            return Refused(problems[0].ToString());
        }

        var result = authorizer.Authorize(request, entities);
        coverage.Count(result.Decision == AuthorizationDecision.Allow ? "decision: allow" : "decision: deny");
        coverage.Count(result.DeterminingPolicies.Length switch { 0 => "reasons: none", 1 => "reasons: one", _ => "reasons: several" });
        foreach (var error in result.Errors)
        {
            coverage.Count($"error: {error.Kind}");
        }

        return new EngineAnswer.RequestAnswer(
            null, result.Decision == AuthorizationDecision.Allow,
            result.DeterminingPolicies.ToImmutableSortedSet(StringComparer.Ordinal),
            result.Errors.Select(error => error.PolicyId).ToImmutableSortedSet(StringComparer.Ordinal),
            string.Join("; ", result.Errors.Select(error => $"{error.PolicyId}: {error.Kind}: {error.Diagnostic.Message}")));
    }

    private static PolicySet Set(DifferentialCase asked)
    {
        if (asked.AsOneText)
        {
            return PolicySet.Parse(asked.Text);
        }

        var set = PolicySet.Empty;
        foreach (var policy in asked.Policies)
        {
            var parsed = PolicySet.Parse(policy.ToString());
            set = set.Add(parsed.Policies.Concat(parsed.Templates).Single().WithId(policy.Id));
            set = policy.Links.Aggregate(set, (all, link) => all.Link(new TemplateLink(
                policy.Id, link.Id,
                link.Principal is { } principal ? new EntityUid(principal.Type, principal.Id) : null,
                link.Resource is { } resource ? new EntityUid(resource.Type, resource.Id) : null)));
        }

        return set;
    }

    /// <summary>Writing policies down in either format and reading them again gives the same policies.</summary>
    private static string? CheckRoundTrip(DifferentialCase asked, PolicySet set)
    {
        foreach (var policy in set.Policies.Where(policy => policy.TemplateId is null).Concat(set.Templates))
        {
            var json = PolicyJson.Write(policy);
            var text = PolicyFormatter.Format(policy);
            if (!PolicySet.TryParse(text, PolicyIdSource.Position, out var again, out var wrong))
            {
                return $"formatting gives a text that does not parse: {wrong[0]}\n{text}";
            }

            var second = again.Policies.Concat(again.Templates).Single();
            if (!PolicyJson.Write(second).AsSpan().SequenceEqual(json))
            {
                return $"formatting gives another policy:\n{policy.Source}\n{text}";
            }

            if (PolicyFormatter.Format(second) != text || PolicyHash.Of(second) != PolicyHash.Of(policy))
            {
                return $"formatting twice gives another text, or another hash:\n{text}";
            }

            if (!PolicyJson.Write(PolicyJson.Parse("x", json)).AsSpan().SequenceEqual(json))
            {
                return $"reading the JSON form gives another policy:\n{Encoding.UTF8.GetString(json)}";
            }
        }

        var formatted = PolicyFormatter.Format(asked.Text);
        return !PolicySet.TryParse(formatted, PolicyIdSource.Position, out var whole, out _) ? $"the formatted text does not parse:\n{formatted}"
            : PolicyHash.Of(whole) != PolicyHash.Of(PolicySet.Parse(asked.Text)) ? $"the formatted text holds other policies:\n{formatted}"
            : PolicyFormatter.Format(formatted) != formatted ? $"formatting is not idempotent:\n{formatted}"
            : null;
    }

    /// <summary>What our reader makes of the official JSON form, in our own: there are several ways to write the same policy.</summary>
    public static string? ReadOfficial(JsonNode? json)
    {
        try
        {
            return json is null ? null : Encoding.UTF8.GetString(PolicyJson.Write(PolicyJson.Parse("x", Bytes(json))));
        }
        catch (PolicySyntaxException exception)
        {
            return $"{json?.ToJsonString()} is refused: {exception.Message}";
        }
    }

    private static string? Json(string text)
        => PolicySet.TryParse(text, PolicyIdSource.Position, out var set, out _) && set.Policies.Count + set.Templates.Count == 1
            ? Encoding.UTF8.GetString(PolicyJson.Write(set.Policies.Concat(set.Templates).Single()))
            : null;

    private static ImmutableSortedSet<string>? Ids(IEnumerable<ValidationFinding>? findings)
        => findings?.Select(finding => finding.Diagnostic.PolicyId ?? "?").ToImmutableSortedSet(StringComparer.Ordinal);

    private static EngineAnswer.RequestAnswer Refused(string why) => new(why, false, [], [], "");

    private static EntityUid Uid(JsonNode uid) => new((string)uid["type"]!, (string)uid["id"]!);

    private static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, s_written);
}
