namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>Makes cases for both verifiers: good ones of every kind, and as many that were changed. The same seed gives the same ones.</summary>
internal sealed class AgreementSource : IDisposable
{
    private static readonly int[] s_batches = [1, 2, 3, 5, 8, 13, 33, 64];

    private readonly Random _random;
    private readonly AgreementKeys _keys = new();
    private readonly ScenarioSource _scenarios;
    private readonly Sealer _sealer;
    private readonly Forgeries _forgeries;
    private readonly Mutations _mutations;
    private readonly Queue<Sealed> _sealed = new();
    private Sealed? _last;

    public AgreementSource(int seed)
    {
        _random = new Random(seed);
        _scenarios = new ScenarioSource(_random, _keys);
        _sealer = new Sealer(_random, _keys);
        _forgeries = new Forgeries(_random, _keys);
        _mutations = new Mutations(_random, _keys);
    }

    /// <summary>Good cases.</summary>
    public IEnumerable<AgreementCase> Good(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return _mutations.Good(i, Next());
        }
    }

    /// <summary>Changed cases, and whether the change may be harmless: half of them on the way, half with the server's own keys.</summary>
    public IEnumerable<(AgreementCase Case, bool MayBeHarmless)> Bad(int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 2 == 1)
            {
                yield return Forged(i);
                continue;
            }

            var (one, other) = (Next(), _last ?? Next());
            _last = one;
            yield return _mutations.Next(i / 2, one, other) is var (made, harmless) ? (made with { Id = i }, harmless) : default;
        }
    }

    public void Dispose() => _keys.Dispose();

    private (AgreementCase Case, bool MayBeHarmless) Forged(int number)
    {
        var (scenario, harmless) = _forgeries.Next(number / 2, _scenarios.Next());
        var (certificate, bundle) = _sealer.Seal([scenario, .. Enumerable.Range(0, _random.Next(4)).Select(_ => _scenarios.Next())])[0];
        var made = _mutations.Good(number, new Sealed(scenario.Kind, certificate, bundle));
        return (made with { Kind = scenario.Kind, At = null, Bundle = made.Bundle ?? System.Text.Encoding.UTF8.GetBytes(bundle.ToJsonString()) }, harmless);
    }

    private Sealed Next()
    {
        if (_sealed.Count == 0)
        {
            var batch = Enumerable.Range(0, s_batches[_random.Next(s_batches.Length)]).Select(_ => _scenarios.Next()).ToArray();
            foreach (var (scenario, (certificate, bundle)) in batch.Zip(_sealer.Seal(batch)))
            {
                _sealed.Enqueue(new Sealed(scenario.Kind, certificate, bundle));
            }
        }

        return _sealed.Dequeue();
    }
}
