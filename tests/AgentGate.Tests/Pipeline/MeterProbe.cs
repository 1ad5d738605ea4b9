using System.Diagnostics.Metrics;

namespace AgentGate.Tests.Pipeline;

/// <summary>What the instruments of one test measured, as <c>instrument key=value …</c> with the labels sorted.</summary>
internal sealed class MeterProbe : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly List<string> _measured = [];
    private readonly Lock _lock = new();
    private readonly MeterListener _listener;

    public MeterProbe()
    {
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (_meters.Contains(instrument.Meter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
    }

    public IReadOnlyList<string> Measured
    {
        get
        {
            lock (_lock)
            {
                return [.. _measured];
            }
        }
    }

    /// <summary>Starts to listen to the meters made so far.</summary>
    public void Start() => _listener.Start();

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
        lock (_lock)
        {
            _measured.Add($"{instrument.Name} {string.Join(' ', labels)}");
        }
    }
}
