using System.Collections.Immutable;
using System.Net;
using System.Text;
using AgentGate.Cedar.Entities;

namespace AgentGate.Policies.Targets;

/// <summary>
/// Absolute addresses: scheme and host lower case, international names in their ASCII form (RFC 5891), no default port, the path
/// as in a file system, without query and fragment. An address two readers could take differently is none.
/// </summary>
internal static class UrlTarget
{
    /// <summary>Reads an address.</summary>
    public static TargetReading Read(string text)
    {
        if (TargetText.Check(ref text) is { } fault)
        {
            return TargetReading.No(fault);
        }

        var length = TargetText.SchemeLength(text);
        if (length == 0 || !text.AsSpan(length).StartsWith("://") || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.IsFile)
        {
            return TargetReading.No("it is no absolute address");
        }

        if (text.AsSpan().IndexOfAny('\\', ' ') >= 0)
        {
            return TargetReading.No("it holds a backslash or a space");
        }

        var rest = text.AsSpan(length + 3);
        var end = rest.IndexOfAny('/', '?', '#');
        var authority = end < 0 ? rest : rest[..end];
        if (authority.Contains('@') || authority.Contains('%') || Host(uri, authority) is not { } host)
        {
            return TargetReading.No("its host is not written plainly");
        }

        var path = end < 0 || rest[end] != '/' ? "/" : rest[end..];
        var cut = path.IndexOfAny('?', '#');
        var place = new Place(uri.Scheme.ToLowerInvariant(), host.Name, host.Ip, uri.IsDefaultPort || uri.Port < 0 ? null : uri.Port);
        return TargetReading.Both((cut < 0 ? path : path[..cut]).ToString(), reading => Readings(place, reading));
    }

    /// <summary>A path and what else servers take it for: cut at a question mark or hash that was encoded, and without parameters.</summary>
    private static TargetReading Readings(Place place, string path)
    {
        var reading = One(place, path);
        if (path.AsSpan().IndexOfAny('?', '#') is var cut and >= 0)
        {
            reading = reading.And(One(place, cut == 0 ? "/" : path[..cut]));
        }

        // "/a;x=1/..;/b" is "/b" to some servers.
        return path.Contains(';', StringComparison.Ordinal)
            ? reading.And(One(place, string.Join('/', path.Split('/').Select(static part => part.Split(';')[0]))))
            : reading;
    }

    private static TargetReading One(Place place, string path)
    {
        if (TargetText.Check(ref path) is { } fault)
        {
            return TargetReading.No(fault);
        }

        if (path.Contains('\\', StringComparison.Ordinal))
        {
            return TargetReading.No("it holds a backslash");
        }

        if (TargetText.Resolve(path, isFile: false, out var segments) is { } unclear)
        {
            return TargetReading.No(unclear);
        }

        var root = $"{place.Scheme}://{place.Host}{(place.Port is { } number ? $":{number}" : "")}/";
        var joined = string.Join('/', segments);
        var attributes = ImmutableArray.CreateBuilder<KeyValuePair<string, CedarValue>>(5);
        attributes.Add(new("scheme", new CedarString(place.Scheme)));
        attributes.Add(new("host", new CedarString(place.Host)));
        attributes.Add(new("path", new CedarString("/" + joined)));
        if (place.Port is { } port)
        {
            attributes.Add(new("port", new CedarLong(port)));
        }

        if (place.Ip is { } ip)
        {
            attributes.Add(new("ip", ip));
        }

        return new(
            [
                new Target(
                    new(PolicyNames.Url, root + joined),
                    [.. TargetText.Folders(PolicyNames.Url, root, segments, alsoBare: true), .. Domains(place)],
                    attributes.ToImmutable()),
            ],
            null);
    }

    /// <summary>The host and the domains it is in; a network address is in none.</summary>
    private static IEnumerable<EntityUid> Domains(Place place)
    {
        for (var name = place.Host; ; name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])
        {
            yield return new(PolicyNames.Host, name);
            if (place.Ip is not null || !name.Contains('.', StringComparison.Ordinal))
            {
                yield break;
            }
        }
    }

    private static (string Name, CedarIpAddress? Ip)? Host(Uri uri, ReadOnlySpan<char> authority)
    {
        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
        {
            // Octal, hexadecimal and short forms mean different addresses to different readers.
            var literal = authority;
            if (uri.HostNameType == UriHostNameType.IPv4)
            {
                literal = literal.IndexOf(':') is var colon and >= 0 ? literal[..colon] : literal;
                if (!literal.SequenceEqual(uri.Host))
                {
                    return null;
                }
            }

            return IPAddress.TryParse(uri.Host, out var address) && AddressTarget.TryRead(address, out var ip) ? (Plain(ip, address), ip) : null;
        }

        if (uri.HostNameType != UriHostNameType.Dns)
        {
            return null;
        }

        // Without the system's tables a name is not mapped before it is encoded, so only one that needs no mapping is read.
        if (!Ascii.IsValid(authority) && !authority.ToString().EnumerateRunes().All(IsPlain))
        {
            return null;
        }

        var name = uri.IdnHost.ToLowerInvariant().TrimEnd('.');

        // Full-width digits become an address only once the name is in its ASCII form.
        return name.Length == 0 || name.Contains("..", StringComparison.Ordinal) || IPAddress.TryParse(name, out _) ? null : (name, null);
    }

    /// <summary>Whether every reader of international names takes a letter for itself: lower case, one reading in each version of the rules.</summary>
    private static bool IsPlain(Rune rune)
        => rune.IsAscii || rune.Value is not (0xDF or 0x133 or 0x140 or 0x149 or 0x17F or 0x3C2)
            && ((rune.Value is (>= 0xE0 and <= 0x17F) or (>= 0x3AC and <= 0x3CE) or (>= 0x430 and <= 0x45F) && Rune.IsLower(rune))
                || rune.Value is (>= 0x5D0 and <= 0x5EA) or (>= 0x620 and <= 0x64A) or (>= 0x3041 and <= 0x3096) or (>= 0x30A1 and <= 0x30FA)
                    or 0x30FC or (>= 0x4E00 and <= 0x9FFF) or (>= 0xAC00 and <= 0xD7A3));

    private static string Plain(CedarIpAddress ip, IPAddress address)
        => ip.IsIpv4 ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString() : $"[{new IPAddress(address.GetAddressBytes())}]";

    /// <summary>Where an address points, without its path.</summary>
    private sealed record Place(string Scheme, string Host, CedarIpAddress? Ip, int? Port);
}
