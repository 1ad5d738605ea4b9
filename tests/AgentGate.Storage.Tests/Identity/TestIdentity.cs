using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Identity;

/// <summary>The cipher of identity under a key of the tests.</summary>
internal static class TestIdentity
{
    public static IIdSource Ids { get; } = new SystemIdSource(TimeProvider.System);

    public static IdentityCipher Cipher { get; } = new(new FixedIdentityKey(new byte[32]), Ids);
}
