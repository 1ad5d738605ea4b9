namespace AgentGate.Dashboard;

/// <summary>What every page says about the server.</summary>
/// <param name="Environment">The environment's name.</param>
/// <param name="PasswordLengthMin">How long a password has to be.</param>
/// <param name="OperatorTenant">Whose name and help pages show while nobody is signed in.</param>
internal sealed record DashboardFacts(string Environment, int PasswordLengthMin, string OperatorTenant)
{
    /// <summary>Whether there are the playground and sign-in links.</summary>
    public bool IsDevelopment => Environment == "Development";
}
