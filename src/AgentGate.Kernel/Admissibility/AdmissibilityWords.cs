namespace AgentGate.Kernel.Admissibility;

/// <summary>The words of the closed sets, as α, Γ and certificates spell them. Pure and thread-safe.</summary>
public static class AdmissibilityWords
{
    /// <summary>The word of a predicate.</summary>
    /// <param name="predicate">The predicate.</param>
    public static string Of(Predicate predicate) => predicate switch
    {
        Predicate.AuthValid => "AuthValid",
        Predicate.LineageValid => "LineageValid",
        Predicate.PermitExists => "PermitExists",
        Predicate.NotDenyExists => "NotDenyExists",
        Predicate.ObligationsMet => "ObligationsMet",
        Predicate.ContextBound => "ContextBound",
        _ => throw new ArgumentOutOfRangeException(nameof(predicate)),
    };

    /// <summary>The word of a value.</summary>
    /// <param name="value">The value.</param>
    public static string Of(PredicateValue value) => value switch
    {
        PredicateValue.NotEvaluated => "notEvaluated",
        PredicateValue.Holds => "holds",
        PredicateValue.Fails => "fails",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };

    /// <summary>The word of a result.</summary>
    /// <param name="result">The result.</param>
    public static string Of(AdmissibilityResult result) => result switch
    {
        AdmissibilityResult.NotEvaluated => "NOT_EVALUATED",
        AdmissibilityResult.Admissible => "ADMISSIBLE",
        AdmissibilityResult.Inadmissible => "INADMISSIBLE",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    /// <summary>The word of a method of authentication.</summary>
    /// <param name="method">The method.</param>
    public static string Of(AuthenticationMethod method) => method switch
    {
        AuthenticationMethod.None => "none",
        AuthenticationMethod.Key => "key",
        AuthenticationMethod.Process => "process",
        _ => throw new ArgumentOutOfRangeException(nameof(method)),
    };

    /// <summary>The word of what a question demands.</summary>
    /// <param name="demand">The demand.</param>
    public static string Of(QuestionDemand demand) => demand switch
    {
        QuestionDemand.Permit => "permit",
        QuestionDemand.NoForbid => "no_forbid",
        _ => throw new ArgumentOutOfRangeException(nameof(demand)),
    };
}
