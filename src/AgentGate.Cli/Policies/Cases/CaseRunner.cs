using System.Collections.Immutable;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cli.Policies.Cases;

/// <summary>Answers the requests of a case and compares.</summary>
internal static class CaseRunner
{
    /// <summary>The reason of a verdict that changed with Cedar 4.13: a scope that no action applies to is a warning there, an error here.</summary>
    public const string NoActionApplies = "since-4.13";

    /// <summary>Every difference; empty when there is none. Never throws for what a case holds.</summary>
    public static ImmutableArray<Disagreement> Run(PolicyCase test)
    {
        var found = ImmutableArray.CreateBuilder<Disagreement>();
        int? request = null;
        try
        {
            var schema = test.Schema is null ? null : Json(test.Schema) ? CedarSchema.ParseJson(System.Text.Encoding.UTF8.GetBytes(test.Schema)) : CedarSchema.Parse(test.Schema);
            var policies = PolicySet.Parse(test.Policies);
            Validate(test, schema, policies, found);
            var entities = EntitiesJson.Parse(test.Entities, schema);
            var authorizer = Authorizer.Create(policies);
            for (var i = 0; i < test.Requests.Length; i++)
            {
                request = i;
                Ask(test.Requests[i], i, schema, entities, authorizer, found);
            }
        }
        catch (CedarException exception)
        {
            found.Add(new Disagreement(DisagreementKind.Parse, request, $"{exception.GetType().Name}: {exception.Diagnostics[0]}") { Stops = true });
        }
        catch (Exception exception)
        {
            // That nothing is thrown is one of the things a corpus is run for.
            found.Add(new Disagreement(DisagreementKind.Crash, request, exception.ToString()) { Stops = true });
        }

        return found.DrainToImmutable();
    }

    private static bool Json(string schema) => schema.AsSpan().TrimStart() is ['{', ..];

    private static void Validate(PolicyCase test, CedarSchema? schema, PolicySet policies, ImmutableArray<Disagreement>.Builder found)
    {
        if (schema is null || test.ShouldValidate is not { } expected)
        {
            return;
        }

        try
        {
            var result = new Validator(schema).Validate(policies);
            if (result.IsValid != expected)
            {
                // Corpora made with Cedar 4.13 and newer count as valid what strict mode refuses here.
                var since = expected && result.Errors.All(error => error.Kind == ValidationFindingKind.InvalidActionApplication);
                found.Add(new Disagreement(
                    DisagreementKind.Validation, null,
                    expected ? $"on file: valid; ours: {result.Errors[0].Kind} {result.Errors[0].Diagnostic}" : "on file: not valid; ours: valid")
                {
                    Reason = since ? NoActionApplies : null,
                });
            }
        }
        catch (Exception exception)
        {
            // A validator that fails must not hide what the evaluator says.
            found.Add(new Disagreement(DisagreementKind.Crash, null, exception.ToString()));
        }
    }

    private static void Ask(
        CaseRequest asked, int number, CedarSchema? schema, EntityStore entities, Authorizer authorizer, ImmutableArray<Disagreement>.Builder found)
    {
        var context = EntitiesJson.ParseContext(asked.Context, schema, schema is null ? null : asked.Action);
        var request = new AuthorizationRequest(asked.Principal, asked.Action, asked.Resource, context);
        if (schema is not null && asked.Validate && new RequestValidator(schema).Check(request) is { IsEmpty: false } problems)
        {
            found.Add(new Disagreement(DisagreementKind.Request, number, $"on file: conforms; ours: {problems[0]}"));
        }

        var result = authorizer.Authorize(request, entities);
        if (result.Decision != asked.Decision)
        {
            found.Add(new Disagreement(DisagreementKind.Decision, number, $"on file: {asked.Decision}; ours: {result.Decision}"));
        }

        Compare(DisagreementKind.Reasons, asked.Reasons, result.DeterminingPolicies);
        Compare(DisagreementKind.Errors, asked.Errors, result.Errors.Select(error => error.PolicyId));

        void Compare(DisagreementKind kind, ImmutableSortedSet<string> expected, IEnumerable<string> actual)
        {
            var ours = actual.ToImmutableSortedSet(StringComparer.Ordinal);
            if (!ours.SetEquals(expected))
            {
                found.Add(new Disagreement(kind, number, $"on file: [{string.Join(", ", expected)}]; ours: [{string.Join(", ", ours)}]"));
            }
        }
    }
}
