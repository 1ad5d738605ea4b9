using System.Buffers;

namespace AgentGate.Kernel.Signing;

/// <summary>Puts a domain in front of a message without allocating for each signature.</summary>
internal static class SignedMessage
{
    private const int StackLength = 1024;

    public delegate TResult Use<in TState, out TResult>(TState state, ReadOnlySpan<byte> message)
        where TState : allows ref struct;

    /// <summary>Calls with <c>domain ‖ message</c>.</summary>
    public static TResult With<TState, TResult>(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> message, TState state, Use<TState, TResult> use)
        where TState : allows ref struct
    {
        var length = checked(domain.Length + message.Length);
        var rented = length > StackLength ? ArrayPool<byte>.Shared.Rent(length) : null;
        var buffer = rented is null ? stackalloc byte[StackLength] : rented;
        try
        {
            domain.CopyTo(buffer);
            message.CopyTo(buffer[domain.Length..]);
            return use(state, buffer[..length]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
