namespace AgentGate.Kernel.Plans;

/// <summary>A plan that is not verified at all: it has more steps than its tier allows, or a step that says something no plan can say.</summary>
public sealed class PlanRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PlanRefusedException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    public PlanRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    /// <param name="message">What is wrong, and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public PlanRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The member of the plan that is wrong, for example <c>steps[3].effects.attests</c>.</summary>
    public string Field { get; init; } = "steps";
}
