using System.Collections.Immutable;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Evaluation;

namespace AgentGate.Kernel.Admissibility;

/// <summary>What the policies answer to all questions of α. Beyond Cedar's rules a forbid that cannot be evaluated forbids.</summary>
internal readonly struct PolicyAnswers
{
    /// <summary>The satisfied permits per question that demands one, in ordinal order.</summary>
    public required ImmutableArray<(int Question, ImmutableArray<string> Policies)> Permits { get; init; }

    /// <summary>The first question that demands a permit and has none.</summary>
    public required int? Missing { get; init; }

    /// <summary>Whether any question demands a permit.</summary>
    public required bool IsAsked { get; init; }

    /// <summary>The forbid that decides.</summary>
    public required MatchedForbid? Matched { get; init; }

    public required ImmutableArray<(int Question, EvaluationError Error)> Errors { get; init; }

    /// <summary>Asks every question, also after one was refused: the witness of a denial is the same for everybody who evaluates it.</summary>
    public static PolicyAnswers Of(ImmutableArray<PolicyQuestion> questions, Authorizer policies, PolicyView view)
    {
        var permits = ImmutableArray.CreateBuilder<(int, ImmutableArray<string>)>(questions.Length);
        List<(int, EvaluationError)>? errors = null;
        MatchedForbid? matched = null;
        int? missing = null;
        var asked = false;
        for (var i = 0; i < questions.Length; i++)
        {
            var question = questions[i];
            var request = new AuthorizationRequest(question.Principal, question.Action, question.Resource, question.Context);
            var answer = policies.Authorize(request, question.Entities);
            var broken = answer.Errors.IsEmpty ? null : Broken(answer.Errors, i, view, ref errors);

            // The policies that determine an answer are the permits of an allow, the forbids of a denial.
            var isForbidden = answer.Decision == AuthorizationDecision.Deny && !answer.DeterminingPolicies.IsEmpty;
            matched ??= isForbidden ? new MatchedForbid(i, First(answer.DeterminingPolicies), IsError: false)
                : broken is not null ? new MatchedForbid(i, broken, IsError: true)
                : null;
            if (question.Demand != QuestionDemand.Permit)
            {
                continue;
            }

            asked = true;
            var satisfied = isForbidden ? view.Permits.Authorize(request, question.Entities).DeterminingPolicies : answer.DeterminingPolicies;
            if (satisfied.IsEmpty)
            {
                missing ??= i;
            }
            else
            {
                permits.Add((i, Sorted(satisfied)));
            }
        }

        return new PolicyAnswers
        {
            Permits = permits.DrainToImmutable(),
            Missing = missing,
            IsAsked = asked,
            Matched = matched,
            Errors = errors is null ? [] : [.. errors],
        };
    }

    /// <summary>The first of the forbids that could not be evaluated.</summary>
    private static string? Broken(
        ImmutableArray<EvaluationError> found, int question, PolicyView view, ref List<(int, EvaluationError)>? errors)
    {
        errors ??= [];
        string? first = null;
        foreach (var error in found)
        {
            errors.Add((question, error));
            if (view.IsForbid(error.PolicyId) && (first is null || string.CompareOrdinal(error.PolicyId, first) < 0))
            {
                first = error.PolicyId;
            }
        }

        return first;
    }

    private static string First(ImmutableArray<string> ids)
    {
        var first = ids[0];
        foreach (var id in ids)
        {
            first = string.CompareOrdinal(id, first) < 0 ? id : first;
        }

        return first;
    }

    /// <summary>The authorizer hands out lists in the order of the set, again and again the same ones: mostly nothing is to be sorted.</summary>
    private static ImmutableArray<string> Sorted(ImmutableArray<string> ids)
    {
        for (var i = 1; i < ids.Length; i++)
        {
            if (string.CompareOrdinal(ids[i - 1], ids[i]) > 0)
            {
                return ids.Sort(StringComparer.Ordinal);
            }
        }

        return ids;
    }
}
