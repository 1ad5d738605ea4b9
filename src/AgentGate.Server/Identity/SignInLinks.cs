using AgentGate.Dashboard.Identity;

namespace AgentGate.Server.Identity;

/// <summary>Tells the sign-in page whether a link is good.</summary>
internal sealed class SignInLinks(SignInTickets tickets, IHostEnvironment environment) : ISignInLinks
{
    public bool IsGood(string ticket) => environment.IsDevelopment() && tickets.IsGood(ticket);
}
