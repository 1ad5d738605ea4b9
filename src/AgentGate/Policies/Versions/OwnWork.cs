using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Policies.Versions;

/// <summary>
/// Maker is not checker: whoever wrote any text of a version does not put it in force, by themselves or by an agent they answer for, where
/// <see cref="PolicyOptions.SecondPerson"/> says so. Thread-safe. Throws when a store fails, and then nothing comes into force.
/// </summary>
internal sealed partial class OwnWork(IPolicyVersions versions, IPolicyPeople people, IOptions<PolicyOptions> options, ILogger<OwnWork> logger)
{
    private const int PageSize = 500;

    /// <summary>Why somebody may not put a version in force, or <see langword="null"/>. To be asked after its text was read: a later writer makes that text another.</summary>
    public async Task<PolicyRefusal?> RefusalAsync(Principal principal, int number, CancellationToken cancellationToken)
    {
        var (tenant, setting) = (principal.Tenant, options.Value.SecondPerson);
        if (setting == SecondPerson.Never || (setting == SecondPerson.WherePossible && await people.WritersAsync(tenant, cancellationToken) < 2))
        {
            return null;
        }

        var checker = principal.UserId ?? await people.PersonOfAsync(tenant, principal.Id, cancellationToken);
        foreach (var writer in await WritersOfAsync(tenant, number, cancellationToken))
        {
            if (writer == principal.Id || await people.PersonOfAsync(tenant, writer, cancellationToken) == checker)
            {
                Log.Refused(logger, tenant, PolicyVersion.IdOf(number), principal.Id);
                return new PolicyRefusal(
                    Codes.PolicyOwnWork,
                    PolicyRefusalKind.Denied,
                    "You wrote in this version, and another person has to put it in force (AgentGate:Policies:SecondPerson). Rolling back needs nobody else.");
            }
        }

        return null;
    }

    /// <summary>Everybody who made the draft or changed it, by the history, back to its first line.</summary>
    private async Task<HashSet<string>> WritersOfAsync(string tenant, int number, CancellationToken cancellationToken)
    {
        var writers = new HashSet<string>(StringComparer.Ordinal);
        for (var before = long.MaxValue; ;)
        {
            var page = await versions.HistoryAsync(tenant, before, PageSize, cancellationToken);
            foreach (var line in page.Where(line => line.Number == number && line.Event is PolicyEvent.Created or PolicyEvent.Updated))
            {
                writers.Add(line.By);
                if (line.Event == PolicyEvent.Created)
                {
                    return writers;
                }
            }

            // INVARIANT: a version that is there was made in a line of history; without one nobody could say who wrote it.
            before = page.Count == PageSize ? page[^1].Seq : throw new InvalidOperationException($"The history does not say who made version {number}.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1239, LogLevel.Warning, Codes.PolicyOwnWork + ": {Principal} of the tenant {Tenant} was refused to put the policies {Version} in force: they wrote in them.")]
        public static partial void Refused(ILogger logger, string tenant, string version, string principal);
    }
}
