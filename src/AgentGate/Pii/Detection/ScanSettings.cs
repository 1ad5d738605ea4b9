using System.Collections.Frozen;

namespace AgentGate.Pii.Detection;

/// <summary>The options in the form a pass needs them.</summary>
internal sealed class ScanSettings
{
    private readonly int _enabled;
    private readonly FrozenSet<string> _allowed;

    public ScanSettings(PiiOptions options)
    {
        Threshold = options.Threshold;
        _allowed = options.AllowedValues.ToFrozenSet(StringComparer.Ordinal);
        for (var k = 0; k < PiiTypes.Names.Length; k++)
        {
            if (options.Types.Count == 0 || options.Types.Contains(PiiTypes.Names[k]))
            {
                _enabled |= 1 << k;
            }
        }
    }

    public double Threshold { get; }

    public bool IsEnabled(PiiKind kind) => (_enabled & (1 << (int)kind)) != 0;

    public bool IsAllowed(ReadOnlySpan<char> value) =>
        _allowed.Count > 0 && _allowed.GetAlternateLookup<ReadOnlySpan<char>>().Contains(value);
}
