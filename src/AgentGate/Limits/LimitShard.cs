namespace AgentGate.Limits;

/// <summary>
/// A part of one rule's counts under one lock: a hash table with a bound. A count leaves only when its window is empty, so
/// no live count is ever forgotten. When there is no room, newcomers share the overflow count; a newcomer that gets a
/// count of its own later takes over what the overflow holds, since some of that may be its own.
/// </summary>
/// <remarks>Everything but <see cref="Lock"/> and <see cref="Count"/> needs the lock.</remarks>
internal sealed class LimitShard(int calls, WindowLength length, int capacity)
{
    /// <summary>How many counts a newcomer looks at for one that is over: some always, more when it needs the place. The hand goes on from there.</summary>
    private const int Looks = 2;
    private const int LooksWhenFull = 8;

    private readonly WindowLength _length = length;
    private LimitBucket?[] _heads = new LimitBucket?[4];
    private LimitBucket[] _all = new LimitBucket[4];
    private LimitBucket? _recent;
    private LimitBucket? _overflow;
    private int _hand;

    /// <summary>The lock.</summary>
    public Lock Lock { get; } = new();

    /// <summary>How many counts are held.</summary>
    public int Count { get; private set; }

    /// <summary>Counts one call if it fits.</summary>
    /// <returns>Whether it fits, and whether it was judged by the overflow count and stayed there.</returns>
    public (bool Fits, bool Overflowed) TryAcquire(in LimitKey key, long now, out LimitCount count)
    {
        var bucket = Reserve(key, now, out var fits);
        if (fits)
        {
            bucket = Commit(bucket, key, now);
        }

        count = Read(bucket, now, fits);
        return (fits, fits && IsOverflow(bucket));
    }

    /// <summary>Whether one more call fits into a count. If so it is pending until <see cref="Commit"/> or <see cref="Cancel"/>.</summary>
    /// <returns>The count that judged: its own, or for a newcomer the overflow, wherever it will be counted.</returns>
    public LimitBucket Reserve(in LimitKey key, long now, out bool fits)
    {
        var bucket = Find(key) ?? (_overflow ??= new LimitBucket(default));
        bucket.Window.Expire(now, _length);
        fits = bucket.Window.Calls + bucket.Pending < calls;
        bucket.Pending += fits ? 1 : 0;
        return bucket;
    }

    /// <summary>Counts a pending call.</summary>
    /// <returns>The count it went to.</returns>
    public LimitBucket Commit(LimitBucket reserved, in LimitKey key, long now)
    {
        reserved.Pending--;
        var bucket = IsOverflow(reserved) ? Find(key) ?? TryInsert(key, reserved, now) ?? reserved : reserved;
        bucket.Window.Add(now, _length);
        return bucket;
    }

    /// <summary>Takes back a pending call.</summary>
    public static void Cancel(LimitBucket reserved) => reserved.Pending--;

    /// <summary>Takes back a call that was counted and did not happen.</summary>
    public void TakeBack(in LimitKey key, long now)
    {
        if ((Find(key) ?? _overflow) is { } bucket)
        {
            bucket.Window.Expire(now, _length);
            bucket.Window.TakeBack();
        }
    }

    /// <summary>Whether a count is the one that newcomers share.</summary>
    public bool IsOverflow(LimitBucket bucket) => ReferenceEquals(bucket, _overflow);

    /// <summary>What is to be said about a count.</summary>
    public LimitCount Read(LimitBucket bucket, long now, bool fits)
        => new(calls - bucket.Window.Calls, _length.ToTime(bucket.Window.UntilNextFree(now, _length)), fits);

    private LimitBucket? Find(in LimitKey key)
    {
        if (_recent is { } recent && recent.Key.Equals(key))
        {
            return recent;
        }

        for (var bucket = _heads[key.Hash & (uint)(_heads.Length - 1)]; bucket is not null; bucket = bucket.Next)
        {
            if (bucket.Key.Equals(key))
            {
                _recent = bucket;
                return bucket;
            }
        }

        return null;
    }

    private LimitBucket? TryInsert(in LimitKey key, LimitBucket overflow, long now)
    {
        if (!MakeRoom(now))
        {
            return null;
        }

        if (Count == _all.Length)
        {
            Grow();
        }

        var bucket = new LimitBucket(key) { Window = overflow.Window.Copy(), Index = Count };
        ref var head = ref _heads[key.Hash & (uint)(_heads.Length - 1)];
        (bucket.Next, head) = (head, bucket);
        _all[Count++] = bucket;
        _recent = bucket;
        return bucket;
    }

    /// <summary>Drops counts that are over, a few at a time, and says whether there is room for one more.</summary>
    private bool MakeRoom(long now)
    {
        for (var looks = Math.Min(Count < capacity ? Looks : LooksWhenFull, Count); looks > 0; looks--)
        {
            _hand = _hand < Count ? _hand : 0;
            var bucket = _all[_hand];
            bucket.Window.Expire(now, _length);
            if (bucket.Window.IsEmpty && bucket.Pending == 0)
            {
                Remove(bucket);
                return true;
            }

            _hand++;
        }

        return Count < capacity;
    }

    private void Remove(LimitBucket bucket)
    {
        ref var link = ref _heads[bucket.Key.Hash & (uint)(_heads.Length - 1)];
        while (!ReferenceEquals(link, bucket))
        {
            link = ref link!.Next;
        }

        link = bucket.Next;
        var last = _all[--Count];
        (_all[bucket.Index], last.Index) = (last, bucket.Index);
        _all[Count] = null!;
        _recent = ReferenceEquals(_recent, bucket) ? null : _recent;
    }

    private void Grow()
    {
        Array.Resize(ref _all, Math.Min(_all.Length * 2, capacity));
        _heads = new LimitBucket?[_heads.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            var bucket = _all[i];
            ref var head = ref _heads[bucket.Key.Hash & (uint)(_heads.Length - 1)];
            (bucket.Next, head) = (head, bucket);
        }
    }
}
