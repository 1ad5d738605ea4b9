using System.Collections.Immutable;

namespace AgentGate.Policies.Import;

/// <summary>A file that cannot be translated without changing what it means. Names every rule concerned.</summary>
/// <param name="problems">At least one.</param>
internal sealed class PolicyImportException(ImmutableArray<ImportProblem> problems)
    : Exception(string.Join("\n", problems.Take(20).Select(problem => $"{problem.Source}: {problem.Message}")))
{
    public ImmutableArray<ImportProblem> Problems { get; } = problems;
}

/// <summary>One thing that cannot be translated.</summary>
/// <param name="Source">Where it stands in the file, for example <c>rules[3].conditions[0]</c>.</param>
/// <param name="Message">What is wrong and what to do; one line.</param>
internal sealed record ImportProblem(string Source, string Message);
