namespace AgentGate.Identity;

/// <summary>
/// The published model of risk and assurance: how risky a principal, an action and the moment are (R0 to R4), how sure a session has to be
/// for it (A1 to A3), and what else is owed. It advises; what an endpoint demands stands where it is mapped.
/// </summary>
internal static class RiskModel
{
    public const int RiskMax = 4;

    /// <summary>The risk of a role, 0 to 4.</summary>
    public static int OfRole(string role) => role is Roles.Admin or Roles.SecurityAdmin or Roles.Approver or Roles.AgentOperator ? 2 : 1;

    /// <summary>Judges.</summary>
    /// <param name="roles">The roles of who acts.</param>
    /// <param name="assurance">How sure the session is; <see langword="null"/> for a key, which proves no person.</param>
    /// <param name="sensitivity">How sensitive the action is, 0 to 4 (S0 to S4).</param>
    /// <param name="threat">How threatening the moment is, 0 to 4 (T0 to T4).</param>
    public static RiskVerdict Judge(IReadOnlyCollection<string> roles, Assurance? assurance, int sensitivity, int threat)
    {
        var principal = roles.Count == 0 ? RiskMax : roles.Max(OfRole);
        var risk = Math.Max(principal, Math.Max(sensitivity, threat));
        var required = risk switch
        {
            <= 1 => Assurance.A1,
            <= 3 => Assurance.A2,
            _ => Assurance.A3,
        };
        List<string> obligations = [];
        if (risk >= 3 && assurance is not Assurance.A3)
        {
            obligations.Add("step_up_auth");
        }

        if (risk >= 3)
        {
            obligations.Add("human_approval");
        }

        if (risk >= RiskMax)
        {
            obligations.Add("dual_control");
        }

        var reason = roles.Count == 0 ? "The caller has no role."
            : roles.All(static role => role == Roles.Viewer) && risk >= 2 ? "A viewer does nothing of this risk."
            : (assurance ?? Assurance.A1) < required ? $"The session proves {assurance ?? Assurance.A1}; this needs {required}."
            : null;
        return new RiskVerdict(principal, risk, required, reason is null, reason ?? "Admissible for this caller, with the obligations named.", obligations);
    }
}
