namespace AgentGate.Cedar.Validation;

/// <summary>How much the validator insists on.</summary>
public enum ValidationMode
{
    /// <summary>Everything: types must agree exactly, literals only for extension constructors, so that policies can be analysed; and some request must be in scope.</summary>
    Strict,

    /// <summary>Only that evaluation raises no type errors.</summary>
    Permissive,
}
