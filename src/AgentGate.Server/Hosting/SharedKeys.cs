using System.Security.Cryptography;
using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Pii.Vault;
using AgentGate.Storage.Cluster.Connections;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Servers of a cluster chain one log, sign it with one key and read one vault. Their keys' ids lie in the database; a server with
/// others does not start. Used once, at the start and by a rotation.
/// </summary>
internal sealed class SharedKeys(ServerKeyRecord record, FileLogKeySource chain, FileSigningKeys signing, IMasterKeySource vault, StateDirectory state)
{
    /// <summary>Compares this server's keys with the cluster's; the first server's become the cluster's.</summary>
    /// <exception cref="InvalidOperationException">They differ; the message names the key and the way out.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        // After a rotation the record is one key behind whoever did it: that server knows the former key, and is right.
        await CheckAsync("chain", chain.Current.Id, id => chain.Find(id) is not null, $"{FileLogKeySource.EnvironmentName} or {state.LogKey}", cancellationToken);
        await CheckAsync("signing", signing.Current.Id, id => signing.Find(id) is not null, $"{FileSigningKeys.EnvironmentName} or {state.SigningKeys}", cancellationToken);
        await CheckAsync("name", signing.Name, _ => false, $"AgentGate:Signing:Name or {state.SigningKeys}", cancellationToken);
        await CheckAsync("vault", VaultId(), _ => false, $"{Pii.FileMasterKeySource.EnvironmentName} or {state.VaultKey}", cancellationToken);
    }

    private async Task CheckAsync(string role, string id, Func<string, bool> isFormer, string where, CancellationToken cancellationToken)
    {
        var claimed = await record.ClaimAsync(role, id, cancellationToken);
        if (claimed == id)
        {
            return;
        }

        if (!isFormer(claimed))
        {
            throw new InvalidOperationException(
                $"{Codes.ServerKeysDiffer}: the servers of this database have the {role} key {claimed}, this one has {id}. Servers of a cluster share their keys: "
                + $"take {where} from the others (or mount one state directory for all), then start again.");
        }

        await record.ReplaceAsync(role, claimed, id, cancellationToken);
    }

    /// <summary>A name of the vault's key that says nothing about it: HKDF-SHA-256 (RFC 5869) under a label of its own.</summary>
    private string VaultId()
        => Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, vault.MasterKey.ToArray(), 8, info: "agentgate vault key id v1"u8.ToArray()));
}
