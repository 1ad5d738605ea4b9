using AgentGate.Cedar.Evaluation;

namespace AgentGate.Cedar.Authorization;

/// <summary>The memory of one thread's authorizations, used again and again. Holds policies a while longer than needed, never entities or requests.</summary>
internal sealed class AuthorizationScratch
{
    private const int InitialSize = 16;

    /// <summary>More than this is not kept: one huge set must not hold memory on every thread for ever.</summary>
    private const int KeptSize = 4_096;

    [ThreadStatic]
    private static AuthorizationScratch? t_current;

    private CompiledPolicy[] _candidates = new CompiledPolicy[InitialSize];
    private CompiledPolicy[] _satisfied = new CompiledPolicy[InitialSize];

    public static AuthorizationScratch Current => t_current ??= new AuthorizationScratch();

    public PolicyIndex.ActionLevel[] Actions { get; set; } = new PolicyIndex.ActionLevel[InitialSize];

    public PolicyIndex.ResourceLevel[] Resources { get; set; } = new PolicyIndex.ResourceLevel[InitialSize];

    public PolicyIndex.Bucket[] Buckets { get; set; } = new PolicyIndex.Bucket[InitialSize];

    public CompiledPolicy[] Candidates
    {
        get => _candidates;
        set => _candidates = value.Length <= KeptSize ? value : new CompiledPolicy[InitialSize];
    }

    public CompiledPolicy[] Satisfied
    {
        get => _satisfied;
        set => _satisfied = value.Length <= KeptSize ? value : new CompiledPolicy[InitialSize];
    }
}
