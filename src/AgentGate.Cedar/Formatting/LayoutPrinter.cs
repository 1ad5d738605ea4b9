using System.Runtime.InteropServices;
using System.Text;

namespace AgentGate.Cedar.Formatting;

/// <summary>
/// Prints a layout: a group goes on one line when it fits the width together with what must follow it on the line (after Oppen's
/// pretty printer). Linear in the number of steps, no recursion.
/// </summary>
/// <param name="source">The text the steps point into.</param>
/// <param name="output">Where the result goes; must be at the start of a line.</param>
internal sealed class LayoutPrinter(string source, StringBuilder output)
{
    private const int Width = 80;
    private const int IndentWidth = 2;

    /// <summary>Deeper levels are not indented any further: they would be all indentation.</summary>
    private const int MaxIndent = 20;

    private const int TooWide = 1 << 24;

    private readonly Stack<bool> _isBroken = new();
    private int[] _tails = [];
    private int _column;
    private int _indent;
    private bool _needsLine;
    private bool _needsSpace;

    /// <summary>Prints the steps and ends the line.</summary>
    public void Print(List<LayoutStep> steps)
    {
        Measure(CollectionsMarshal.AsSpan(steps));
        _isBroken.Clear();
        (_column, _indent, _needsLine, _needsSpace) = (0, 0, false, false);
        for (var i = 0; i < steps.Count; i++)
        {
            Print(steps[i], _tails[i]);
        }

        output.Append('\n');
    }

    private void Print(LayoutStep step, int tail)
    {
        var isBroken = _isBroken.Count == 0 || _isBroken.Peek();
        switch (step.Kind)
        {
            case LayoutStepKind.Text:
                Write(step);
                break;
            case LayoutStepKind.CommentAbove:
                _needsLine |= _column > 0;
                Write(step);
                _needsLine = true;
                break;
            case LayoutStepKind.CommentBehind:
                _needsSpace = true;
                Write(step);
                _needsLine = true;
                break;
            case LayoutStepKind.HardLine:
            case LayoutStepKind.Line when isBroken:
            case LayoutStepKind.SoftLine when isBroken:
                _needsLine = true;
                break;
            case LayoutStepKind.Space:
            case LayoutStepKind.Line:
                _needsSpace = true;
                break;
            case LayoutStepKind.Indent:
                _indent++;
                break;
            case LayoutStepKind.Dedent:
                _indent--;
                break;
            case LayoutStepKind.Begin:
                var start = _needsLine ? Indentation : _column + (_needsSpace ? 1 : 0);
                _isBroken.Push(isBroken && (step.Length >= TooWide || start + step.Length + tail > Width));
                break;
            case LayoutStepKind.End:
                _isBroken.Pop();
                break;
        }
    }

    private int Indentation => Math.Min(_indent, MaxIndent) * IndentWidth;

    private void Write(LayoutStep step)
    {
        if (_needsLine)
        {
            output.Append('\n').Append(' ', Indentation);
            _column = Indentation;
        }
        else if (_needsSpace && _column > 0)
        {
            output.Append(' ');
            _column++;
        }

        (_needsLine, _needsSpace) = (false, false);
        var text = source.AsSpan(step.Start, step.Length);
        output.Append(text);
        var lastLine = text.LastIndexOf('\n');
        _column = lastLine < 0 ? _column + text.Length : text.Length - lastLine - 1;
    }

    /// <summary>Works out how wide each group is on one line, and how much text stands behind each step before the line may break.</summary>
    private void Measure(Span<LayoutStep> steps)
    {
        _tails = _tails.Length < steps.Length ? new int[steps.Length] : _tails;
        var tail = 0;
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            tail = steps[i].Kind switch
            {
                LayoutStepKind.Text => Math.Min(TooWide, tail + steps[i].Length),
                LayoutStepKind.Space => Math.Min(TooWide, tail + 1),
                LayoutStepKind.Line or LayoutStepKind.SoftLine or LayoutStepKind.HardLine or LayoutStepKind.CommentAbove or LayoutStepKind.CommentBehind => 0,
                _ => tail,
            };
            _tails[i] = tail;
        }

        var open = new Stack<(int At, long Before)>();
        var width = 0L;
        var isAfterComment = false;
        for (var i = 0; i < steps.Length; i++)
        {
            // A comment breaks the groups that go on behind it, not those that end with it or begin behind it.
            if (isAfterComment && steps[i].Kind is not (LayoutStepKind.None or LayoutStepKind.Indent or LayoutStepKind.Dedent or LayoutStepKind.End))
            {
                width += TooWide;
                isAfterComment = false;
            }

            switch (steps[i].Kind)
            {
                case LayoutStepKind.Text:
                    width += source.AsSpan(steps[i].Start, steps[i].Length).Contains('\n') ? TooWide : steps[i].Length;
                    break;
                case LayoutStepKind.Space or LayoutStepKind.Line:
                    width++;
                    break;
                case LayoutStepKind.CommentBehind:
                    isAfterComment = true;
                    break;
                case LayoutStepKind.HardLine or LayoutStepKind.CommentAbove:
                    width += TooWide;
                    break;
                case LayoutStepKind.Begin:
                    open.Push((i, width));
                    break;
                case LayoutStepKind.End:
                    var (at, before) = open.Pop();
                    steps[at] = steps[at] with { Length = (int)Math.Min(TooWide, width - before) };

                    // What follows the group must fit with it.
                    _tails[at] = _tails[i];
                    break;
            }
        }
    }
}
