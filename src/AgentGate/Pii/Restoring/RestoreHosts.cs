using System.Collections.Immutable;
using System.Globalization;

namespace AgentGate.Pii.Restoring;

/// <summary>The hosts whose addresses may receive values. Hosts are compared in their ASCII form without regard to case. Immutable.</summary>
internal sealed class RestoreHosts
{
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };
    private readonly ImmutableArray<string> _hosts;

    /// <summary>The hosts of a configuration.</summary>
    /// <param name="hosts">Host names; one with a leading dot stands for every host below it.</param>
    public RestoreHosts(IEnumerable<string> hosts) => _hosts = [.. hosts.Select(Normalise).OfType<string>()];

    /// <summary>No host at all.</summary>
    public static RestoreHosts None { get; } = new([]);

    /// <summary>Whether there is none, so that no address needs to be read.</summary>
    public bool IsEmpty => _hosts.IsEmpty;

    /// <summary>Whether a host as written in an address is on the list.</summary>
    public bool Contains(ReadOnlySpan<char> host)
    {
        if (host.IsEmpty || host[0] == '.' || Normalise(host.ToString()) is not { } written)
        {
            return false;
        }

        foreach (var allowed in _hosts)
        {
            if (allowed[0] == '.' ? written.EndsWith(allowed, StringComparison.Ordinal) : written.Equals(allowed, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A host in its comparable form, or <see langword="null"/> when it is none.</summary>
    internal static string? Normalise(string host)
    {
        var dot = host.StartsWith('.') ? "." : string.Empty;
        try
        {
            var ascii = Idn.GetAscii(host[dot.Length..].ToLowerInvariant());
            return ascii.Length > 0 && !ascii.EndsWith('.') ? dot + ascii : null;
        }
        catch (ArgumentException)
        {
            // Not a host name: it can be on no list.
            return null;
        }
    }
}
