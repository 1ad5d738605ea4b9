namespace AgentGate.Limits;

/// <summary>
/// The calls of one count that still matter, in a ring of groups. Up to <see cref="Slots"/> + 1 calls each instant is a
/// group of its own and the window is exact. Beyond that, calls within 1/<see cref="Slots"/> of the window form a group
/// that leaves when its last call does: memory does not grow with the number of calls, no window ever holds too many, and
/// a call counts at most that much longer than it must.
/// </summary>
/// <remarks>
/// Not thread-safe: whoever holds the shard's lock uses it. INVARIANT: the ring never holds more than
/// <see cref="Slots"/> + 1 groups, since the beginnings of all but the oldest lie in the window and a slot apart.
/// </remarks>
internal struct SlidingWindow
{
    /// <summary>How fine the window slides when it cannot be exact: a minute in seconds.</summary>
    public const int Slots = 60;

    private Group[]? _groups;
    private int _first;
    private int _length;
    private long _newestBegan;

    /// <summary>How many calls the window holds; right after <see cref="Expire"/>.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether nothing is left that matters.</summary>
    public readonly bool IsEmpty => _length == 0;

    /// <summary>Lets go of what has left the window.</summary>
    public void Expire(long now, in WindowLength length)
    {
        while (_length > 0 && _groups![_first].Last <= now - length.Ticks)
        {
            Calls -= _groups[_first].Calls;
            _first = Next(_first);
            _length--;
        }
    }

    /// <summary>Counts one call. A clock that went back is not followed: the call counts as made at the newest one's time.</summary>
    public void Add(long now, in WindowLength length)
    {
        Calls++;
        if (_length > 0)
        {
            ref var newest = ref _groups![Place(_length - 1)];
            now = Math.Max(now, newest.Last);
            if (now == newest.Last || now - _newestBegan < length.SlotTicks)
            {
                newest = new Group(now, newest.Calls + 1);
                return;
            }
        }

        if (_groups is null || _length == _groups.Length)
        {
            Grow();
        }

        _groups![Place(_length++)] = new Group(now, 1);
        _newestBegan = now;
    }

    /// <summary>
    /// Takes one call back that was counted and did not happen. The oldest one's place is given up: what stays is at least as late as
    /// what happened, so that no window ever holds too many.
    /// </summary>
    public void TakeBack()
    {
        if (_length == 0)
        {
            return;
        }

        ref var oldest = ref _groups![_first];
        oldest = oldest with { Calls = oldest.Calls - 1 };
        Calls--;
        if (oldest.Calls == 0)
        {
            _first = Next(_first);
            _length--;
        }
    }

    /// <summary>How long until the oldest call leaves; zero when there is none.</summary>
    public readonly long UntilNextFree(long now, in WindowLength length)
        => _length == 0 ? 0 : Math.Max(0, _groups![_first].Last + length.Ticks - now);

    /// <summary>The same calls in a window of its own.</summary>
    public readonly SlidingWindow Copy()
    {
        var copy = this;
        copy._groups = _length == 0 ? null : (Group[])_groups!.Clone();
        return copy;
    }

    private readonly int Place(int index)
    {
        var place = _first + index;
        return place < _groups!.Length ? place : place - _groups.Length;
    }

    private readonly int Next(int place) => place + 1 == _groups!.Length ? 0 : place + 1;

    private void Grow()
    {
        var larger = new Group[_groups is null ? 2 : Math.Min(_groups.Length * 2, Slots + 1)];
        for (var i = 0; i < _length; i++)
        {
            larger[i] = _groups![Place(i)];
        }

        (_groups, _first) = (larger, 0);
    }

    /// <param name="Last">When its last call was made.</param>
    /// <param name="Calls">How many calls it holds.</param>
    private readonly record struct Group(long Last, int Calls);
}
