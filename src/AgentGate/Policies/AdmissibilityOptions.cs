using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;

namespace AgentGate.Policies;

/// <summary>What admissibility rests on beside policies and grants (<c>AgentGate:Admissibility</c>). Every certificate names these by their hash.</summary>
public sealed class AdmissibilityOptions
{
    /// <summary>How long a certificate's window is. Whole seconds, from 1 second to 24 hours.</summary>
    /// <value>The default is 5 minutes.</value>
    public TimeSpan Validity { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a fulfilled obligation counts. Whole seconds, from 1 second to 24 hours.</summary>
    /// <value>The default is 15 minutes.</value>
    public TimeSpan AttestationLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What must also hold, by action, whatever the policies say.</summary>
    /// <value>The default is empty.</value>
    public IList<ObligationRule> Obligations { get; } = [];

    /// <summary>The same as the theorem takes it.</summary>
    internal AdmissibilitySettings ToSettings() => new()
    {
        Validity = Validity,
        AttestationLifetime = AttestationLifetime,
        Obligations =
        [
            .. Obligations.Select(static rule => new SettingObligation(rule.Action, rule.Obligation)).Distinct()
                .OrderBy(static rule => rule.Action, StringComparer.Ordinal).ThenBy(static rule => rule.Obligation, StringComparer.Ordinal),
        ],
    };

    /// <summary>What is wrong with these options: one sentence each, empty where nothing is.</summary>
    internal ImmutableArray<string> Problems()
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        Demand(IsSpan(Validity), "Validity must be whole seconds, from 00:00:01 to 1.00:00:00.");
        Demand(IsSpan(AttestationLifetime), "AttestationLifetime must be whole seconds, from 00:00:01 to 1.00:00:00.");
        for (var i = 0; i < Obligations.Count; i++)
        {
            var (action, obligation) = (Obligations[i].Action, Obligations[i].Obligation);
            Demand(action == "*" || Kernel.Decisions.GateActions.All.Contains(action), $"Obligations:{i}:Action is \"{action}\"; it must be \"*\" or one of {string.Join(", ", Kernel.Decisions.GateActions.All)}.");
            Demand(Kernel.Admissibility.Obligations.All.Contains(obligation), $"Obligations:{i}:Obligation is \"{obligation}\"; it must be one of {string.Join(", ", Kernel.Admissibility.Obligations.All)}.");
        }

        return problems.ToImmutable();

        void Demand(bool holds, string problem)
        {
            if (!holds)
            {
                problems.Add("AgentGate:Admissibility:" + problem);
            }
        }
    }

    private static bool IsSpan(TimeSpan span) => span >= TimeSpan.FromSeconds(1) && span <= TimeSpan.FromDays(1) && span.Ticks % TimeSpan.TicksPerSecond == 0;
}
