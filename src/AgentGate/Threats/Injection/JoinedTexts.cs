namespace AgentGate.Threats.Injection;

/// <summary>
/// Neighbouring texts of one role read as one, so that parts of an instruction do not pass where the whole would not. Of
/// a long text only its ends can be a part of something. Not thread-safe.
/// </summary>
internal sealed class JoinedTexts(InjectionScorer scorer)
{
    /// <summary>How much of the end of a long text can belong to its neighbour.</summary>
    private const int EndMax = 512;

    /// <summary>How much is read at once.</summary>
    private const int RoomMax = 8 * 1024;

    private readonly char[] _room = new char[RoomMax + (2 * EndMax) + 4];
    private int _length;

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>Adds a text; gives the score of what had to be read to make room.</summary>
    public InjectionScore? Add(ReadOnlySpan<char> text)
    {
        var isLong = text.Length > 2 * EndMax;
        Append(isLong ? text[..EndMax] : text);
        if (!isLong && _length <= RoomMax)
        {
            return null;
        }

        var score = scorer.Score(_room.AsSpan(0, _length));
        if (isLong)
        {
            _length = 0;
            Append(text[^EndMax..]);
        }
        else
        {
            var kept = Math.Min(EndMax, _length);
            _room.AsSpan(_length - kept, kept).CopyTo(_room);
            _length = kept;
        }

        return score;
    }

    /// <summary>The score of what waits.</summary>
    public InjectionScore Finish()
    {
        var score = scorer.Score(_room.AsSpan(0, _length));
        _length = 0;
        return score;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        if (_length > 0)
        {
            _room[_length++] = ' ';
        }

        text.CopyTo(_room.AsSpan(_length));
        _length += text.Length;
    }
}
