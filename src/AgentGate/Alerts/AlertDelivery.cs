namespace AgentGate.Alerts;

/// <summary>An alert that a server took to deliver through one channel.</summary>
/// <param name="Id">The id of the delivery.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Tries">Which try it is, from 1.</param>
/// <param name="Alert">The alert; <see langword="null"/> where it cannot be decrypted.</param>
internal sealed record AlertDelivery(string Id, string Channel, long Tries, StoredAlert? Alert);
