using System.Buffers;

namespace AgentGate.Pii.Restoring;

/// <summary>
/// Follows a text character by character, as its reader will see it, and knows whether the next character would stand
/// inside an address. A token that would, stays a token, unless the address' host is on the allow-list.
/// </summary>
/// <remarks>
/// <para>Five lexical machines run beside each other; a token is restored only where none of them sees an address, or where
/// all of them see the same one and its host is allowed. In doubt there is an address.</para>
/// <para><b>Bare addresses</b> (<see cref="BareUrl"/>): anything with <c>://</c>, two slashes or backslashes that do not
/// continue a word, a scheme that browsers and mail programs know (<c>mailto:</c>, <c>data:</c>, …), <c>www.</c>, a dotted
/// name followed by <c>/ \ ? # % &amp;</c>, the host of a mail address. They end at ASCII white space, at an HTML end tag, and at the
/// end of the string when the whole text is JSON; quotes and brackets do not end them, since renderers differ there. (What is
/// left: a chat window that makes links of bare addresses in compact JSON may draw a following string into one; it takes a
    /// person to click it.)</para>
/// <para><b>Markdown destinations</b> (<see cref="Destination"/>): from <c>](</c>, and CSS <c>url(</c>, to the matching bracket, white
/// space and the <c>&lt;…&gt;</c> form included, or to a blank line.</para>
/// <para><b>HTML attributes</b> (<see cref="AttributeValue"/>) that hold addresses, from <c>=</c> to the quote that opened the value; an
/// unquoted value to white space or <c>&gt;</c>.</para>
/// <para><b>Markdown reference definitions</b> (<see cref="Definition"/>): from <c>]:</c> to white space, or to the end of
/// <c>&lt;…&gt;</c>.</para>
/// <para><b>Quoted strings</b> (<see cref="QuotedText"/>): any attribute value in which an address was seen, and any string that
/// begins with one, to the quote that opened it.</para>
/// <para><b>Allowed</b> is only an address that is written <c>http://host[:port]</c> or <c>https://host[:port]</c> with <c>/</c>, <c>?</c> or
/// <c>#</c> behind it, without user name, percent sign or backslash before that, begins where the destination or attribute
/// begins, and whose host is on the list. Inside a host, port or user name a token always stays.</para>
/// </remarks>
internal sealed class UrlContext(RestoreHosts hosts)
{
    private const string White = " \t\r\n";

    private static readonly SearchValues<char> Beginnings = SearchValues.Create("(=]\"'");

    private BareUrl _bare = new(hosts);
    private Destination _destination = new();
    private Definition _definition = new();
    private AttributeValue _attribute = new();
    private QuotedText _quoted = new();
    private JsonText _json = new();
    private long _position;

    /// <summary>Whether the next character would stand in an address that may not receive values.</summary>
    public bool Blocks => InAddress && !InAllowedAddress;

    /// <summary>Whether the next character would stand in an address on the allow-list, behind its host.</summary>
    public bool InAllowedAddress
        => _bare.IsAllowed && _destination.BeginsAt(_bare.StartedAt) && _definition.BeginsAt(_bare.StartedAt)
            && _attribute.BeginsAt(_bare.StartedAt) && _quoted.BeginsAt(_bare.StartedAt);

    /// <summary>Whether the text before is a JSON document so far.</summary>
    public bool IsJson => _json.IsJson;

    /// <summary>Whether the character before can stand in the local part of a mail address.</summary>
    public bool ContinuesWord => _bare.ContinuesWord;

    /// <summary>Whether the next character would stand in an address of any host.</summary>
    public bool InAddress => _bare.InAddress || IsEnclosed || _quoted.IsOpen;

    private bool IsEnclosed => _destination.IsOpen || _definition.IsOpen || _attribute.IsOpen;

    /// <summary>The state as it is now, to go on from apart.</summary>
    public UrlContext Clone()
    {
        var clone = (UrlContext)MemberwiseClone();
        (clone._bare, clone._destination, clone._definition) = (_bare.Clone(), _destination.Clone(), _definition.Clone());
        (clone._attribute, clone._quoted, clone._json) = (_attribute.Clone(), _quoted.Clone(), _json.Clone());
        return clone;
    }

    /// <summary>Goes on by one character of the text that the reader gets.</summary>
    public void Step(char c)
    {
        // Destinations and attributes go on: a renderer of markdown or HTML does not know that it shows JSON.
        if (_json.Step(c))
        {
            _bare.Reset();
        }

        var wasBare = _bare.InAddress;
        _bare.Step(c, _position);
        _destination.Step(c, _position);
        _definition.Step(c, _position);
        _attribute.Step(c, _position);
        _quoted.Step(c, _position, _bare.InAddress || IsEnclosed, _bare.InAddress && !wasBare);
        _position++;
    }

    /// <summary>Goes on by a text, as if by each of its characters.</summary>
    public void Step(ReadOnlySpan<char> text)
    {
        var looked = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (at >= looked && IsQuiet)
            {
                var skipped = Skip(text[at..], out var plain);
                looked = at + plain + 1;
                at += skipped;
            }

            Step(text[at]);
        }
    }

    private bool IsQuiet => _json.IsOver && !_destination.IsOpen && !_attribute.IsOpen && _definition.IsQuiet && _quoted.IsQuiet;

    /// <summary>
    /// Passes over text that leaves no trace: white space ends every bare address, and only a bracket, a quote or an equals
    /// sign, with the word before it, begins anything else.
    /// </summary>
    private int Skip(ReadOnlySpan<char> text, out int plain)
    {
        plain = text.IndexOfAny(Beginnings);
        plain = plain < 0 ? text.Length : plain;
        var words = text[..plain].TrimEnd(White);
        var space = words.LastIndexOfAny(White);
        if (space <= 0)
        {
            return 0;
        }

        _position += space;
        return space;
    }
}
