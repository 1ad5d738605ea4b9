namespace AgentGate.Guardrails;

/// <summary>Tracks in process, for where no storage profile is installed. One lock, held for moments. Lost when the process ends.</summary>
internal sealed class InMemoryGuardrailStore(int tracksMax, TimeProvider time) : IGuardrailStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TrackKey, GuardrailTrack> _tracks = [];

    public ValueTask<T> ChangeAsync<T>(IReadOnlyList<TrackKey> keys, Func<IReadOnlyList<GuardrailTrack>, DateTimeOffset, T> change, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var tracks = new GuardrailTrack[keys.Count];
            var newcomers = 0;
            for (var i = 0; i < tracks.Length; i++)
            {
                tracks[i] = _tracks.TryGetValue(keys[i], out var known) ? known : new GuardrailTrack();
                newcomers += known is null ? 1 : 0;
            }

            if (newcomers > 0 && _tracks.Count + newcomers > tracksMax)
            {
                Purge(now);
                if (_tracks.Count + newcomers > tracksMax)
                {
                    throw new GuardrailStoreLostException("as many scopes are remembered as may be (AgentGate:Guardrails:TracksMax)");
                }
            }

            var answer = change(tracks, now);
            for (var i = 0; i < tracks.Length; i++)
            {
                if (tracks[i].IsChanged)
                {
                    tracks[i].IsChanged = false;
                    if (tracks[i].IsEmpty)
                    {
                        _tracks.Remove(keys[i]);
                    }
                    else
                    {
                        _tracks[keys[i]] = tracks[i];
                    }
                }
            }

            return ValueTask.FromResult(answer);
        }
    }

    public ValueTask<IReadOnlyList<(TrackKey Key, GuardrailTrack Track)>> ListAsync(string tenant, string guardrail, int most, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            // Copies: who reads them does so outside of the lock.
            return ValueTask.FromResult<IReadOnlyList<(TrackKey, GuardrailTrack)>>(
                [.. _tracks.Where(pair => pair.Key.Tenant == tenant && pair.Key.Guardrail == guardrail).OrderBy(pair => pair.Key).Take(most)
                    .Select(pair => (pair.Key, GuardrailTrack.Read(pair.Value.Write())))]);
        }
    }

    public ValueTask<int> RemoveAsync(string tenant, string guardrail, string? rule, string? scope, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(RemoveWhere((key, _) =>
                key.Tenant == tenant && key.Guardrail == guardrail && (rule is null || key.Rule == rule) && (scope is null || key.Scope == scope)));
        }
    }

    public ValueTask<int> PurgeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(Purge(time.GetUtcNow()));
        }
    }

    private int Purge(DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return RemoveWhere((_, track) => track.ExpiresAt <= at);
    }

    private int RemoveWhere(Func<TrackKey, GuardrailTrack, bool> goes)
    {
        TrackKey[] gone = [.. _tracks.Where(pair => goes(pair.Key, pair.Value)).Select(pair => pair.Key)];
        Array.ForEach(gone, key => _tracks.Remove(key));
        return gone.Length;
    }
}
