using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Threats;

/// <summary>Where something was found, in a form that may go on record: the names in it are a caller's text, and may be the attack or personal data.</summary>
internal sealed class ThreatAddress(INameScreen? names)
{
    private const int NameLength = 64;
    private const int Length = 256;

    /// <summary>The address of a segment with <c>*</c> for every name that is not a plain word; nothing where even that would tell too much.</summary>
    public string? Of(CallContent content, int segment)
    {
        var pointer = content.AddressOf(segment);
        var safe = new StringBuilder(pointer.Length);
        var isKey = content.Segments[segment].Kind == SegmentKind.Key;
        var last = pointer.LastIndexOf('/');
        for (var at = 0; at < pointer.Length;)
        {
            var mark = pointer[at] is '/' or '#' ? 1 : 0;
            var end = pointer.AsSpan(at + mark).IndexOfAny('/', '#');
            end = end < 0 ? pointer.Length : at + mark + end;
            var name = pointer.AsSpan(at + mark, end - at - mark);
            safe.Append(pointer, at, mark);
            if (isKey && at == last)
            {
                safe.Append('*');
            }
            else if (name.Length <= NameLength && !name.ContainsAnyExcept(Plain))
            {
                safe.Append(name);
            }
            else
            {
                safe.Append('*');
            }

            at = end;
        }

        var address = safe.ToString();
        return address.Length <= Length && names?.MayGoOnRecord(address) is not false ? address : null;
    }

    private static readonly System.Buffers.SearchValues<char> Plain
        = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");
}
