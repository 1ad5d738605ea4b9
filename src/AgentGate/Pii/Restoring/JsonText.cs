namespace AgentGate.Pii.Restoring;

/// <summary>
/// Knows whether a text is a JSON document so far, and where its strings end. Only in JSON does a quotation mark end a bare
/// address: elsewhere a renderer may make it part of the link.
/// </summary>
internal sealed class JsonText
{
    private State _state = State.Start;
    private bool _escaped;

    private enum State
    {
        Start,
        Array,
        Object,
        Outside,
        String,
        AfterString,
        Not,
    }

    /// <summary>Whether the text is a JSON object or an array of strings, arrays or objects so far.</summary>
    public bool IsJson => _state is State.Outside or State.String or State.AfterString;

    /// <summary>Whether the text is no JSON document and will not become one.</summary>
    public bool IsOver => _state == State.Not;

    /// <summary>The state as it is now, to go on from apart.</summary>
    public JsonText Clone() => (JsonText)MemberwiseClone();

    /// <summary>Goes on by one character; <see langword="true"/> when a string before it has certainly ended.</summary>
    public bool Step(char c)
    {
        switch (_state)
        {
            case State.Not:
                return false;
            case State.String:
                if (_escaped)
                {
                    _escaped = false;
                }
                else if (c == '\\')
                {
                    _escaped = true;
                }
                else if (c == '"')
                {
                    _state = State.AfterString;
                }
                else if (c < ' ')
                {
                    _state = State.Not;
                }

                return false;
            case var state when c is ' ' or '\t' or '\r' or '\n':
                _state = state;
                return false;
            case State.AfterString:
                _state = c is ',' or ':' or '}' or ']' ? State.Outside : State.Not;
                return _state == State.Outside;
            case State.Start:
                _state = c switch { '{' => State.Object, '[' => State.Array, _ => State.Not };
                return false;
            case State.Object:
                _state = c switch { '"' => State.String, '}' => State.Outside, _ => State.Not };
                return false;
            case State.Array:
                _state = c switch { '"' => State.String, '{' => State.Object, '[' => State.Array, ']' => State.Outside, _ => State.Not };
                return false;
            default:
                _state = c == '"' ? State.String
                    : c is '{' or '}' or '[' or ']' or ',' or ':' or '-' or '+' or '.' || char.IsAsciiLetterOrDigit(c) ? State.Outside
                    : State.Not;
                return false;
        }
    }
}
