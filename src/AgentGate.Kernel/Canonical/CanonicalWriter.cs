namespace AgentGate.Kernel.Canonical;

/// <summary>Writes JSON tokens in order and sets the commas. The caller gives names already sorted. Not thread-safe.</summary>
internal ref struct CanonicalWriter(CanonicalBuffer output)
{
    private bool _comma;

    public void BeginObject() => Open("{"u8);

    public void EndObject() => Close("}"u8);

    public void BeginArray() => Open("["u8);

    public void EndArray() => Close("]"u8);

    /// <summary>Writes a member's name.</summary>
    /// <param name="quoted">The name with its quotes and the colon, so that no escaping is left to do.</param>
    public void Name(scoped ReadOnlySpan<byte> quoted)
    {
        Separate();
        output.Write(quoted);
        _comma = false;
    }

    /// <summary>Writes a member's name that is data.</summary>
    public void Name(scoped ReadOnlySpan<char> name)
    {
        Separate();
        CanonicalText.Write(output, name);
        output.Write(":"u8);
        _comma = false;
    }

    public void Text(scoped ReadOnlySpan<char> text)
    {
        Separate();
        CanonicalText.Write(output, text);
    }

    /// <summary>Writes a string that holds nothing to escape.</summary>
    public void Plain(scoped ReadOnlySpan<byte> utf8)
    {
        Separate();
        output.Write("\""u8);
        output.Write(utf8);
        output.Write("\""u8);
    }

    /// <summary>Writes an integer, kept inside the range in which a double is exact.</summary>
    public void Number(long value)
    {
        Separate();
        CanonicalNumber.Write(output, Math.Clamp(value, -CanonicalNumber.MaxExact, CanonicalNumber.MaxExact));
    }

    public void True() => Raw("true"u8);

    public void False() => Raw("false"u8);

    /// <summary>Writes a value that is in canonical form already.</summary>
    public void Raw(scoped ReadOnlySpan<byte> canonical)
    {
        Separate();
        output.Write(canonical);
    }

    private void Open(scoped ReadOnlySpan<byte> bracket)
    {
        Separate();
        output.Write(bracket);
        _comma = false;
    }

    private void Close(scoped ReadOnlySpan<byte> bracket)
    {
        output.Write(bracket);
        _comma = true;
    }

    private void Separate()
    {
        if (_comma)
        {
            output.Write(","u8);
        }

        _comma = true;
    }
}
