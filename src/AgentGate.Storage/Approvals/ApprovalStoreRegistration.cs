using System.Security.Cryptography;
using AgentGate.Approvals;
using AgentGate.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Storage.Approvals;

/// <summary>Registers the store of approvals: written once, for both profiles.</summary>
internal static class ApprovalStoreRegistration
{
    private static ReadOnlySpan<byte> Purpose => "agentgate/approvals/call/v1"u8;

    public static IServiceCollection AddApprovalStore(this IServiceCollection services)
    {
        services.AddSingleton<IApprovalStore, EfApprovalStore>();

        // All servers of a store make the same digests: a call that one holds another resumes.
        return services.AddSingleton(provider => new CallDigests(
            HKDF.Expand(HashAlgorithmName.SHA256, provider.GetRequiredService<IIdentityKey>().Key.ToArray(), 32, Purpose.ToArray())));
    }
}
