using System.Security.Authentication;
using AgentGate.Diagnostics;
using StackExchange.Redis;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>The connection to Redis. It reconnects by itself. Thread-safe.</summary>
internal sealed class RedisDatabase(RedisUrl url) : IAsyncDisposable
{
    private readonly SemaphoreSlim _connecting = new(1, 1);
    private volatile ConnectionMultiplexer? _connection;

    /// <summary>What keys begin with.</summary>
    public string Prefix => url.Prefix;

    /// <summary>Host and port, for messages.</summary>
    public string Name => url.Name;

    /// <summary>Connects, if that was not done; a server that is not there now is found later.</summary>
    /// <exception cref="InvalidOperationException">The server refuses this one or is not to be trusted; the message says which, without the password.</exception>
    public async ValueTask<IDatabase> OpenAsync(CancellationToken cancellationToken)
    {
        if (_connection is { } open)
        {
            return open.GetDatabase();
        }

        await _connecting.WaitAsync(cancellationToken);
        try
        {
            return (_connection ??= await ConnectAsync()).GetDatabase();
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>The server behind the connection.</summary>
    public async ValueTask<IServer> ServerAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        return _connection!.GetServers()[0];
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }

        _connecting.Dispose();
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var demanding = url.Options.Clone();
        demanding.AbortOnConnectFail = true;
        try
        {
            return await ConnectionMultiplexer.ConnectAsync(demanding);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            if (Refusal(failure) is { } refused)
            {
                // The cause is not kept: its text may repeat what was sent.
                throw new InvalidOperationException($"{Codes.RedisRefused}: Redis at {Name}: {refused}");
            }
        }

        return await ConnectionMultiplexer.ConnectAsync(url.Options);
    }

    private static string? Refusal(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException || cause.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase) && !cause.Message.Contains("client certificates", StringComparison.Ordinal))
            {
                return "its certificate is not trusted. Name the authority that signed it in REDIS_URL (?ca=/path/ca.pem), and the host as the certificate does.";
            }

            if (cause.Message.Contains("WRONGPASS", StringComparison.Ordinal) || cause.Message.Contains("NOAUTH", StringComparison.Ordinal)
                || cause.Message.Contains("NOPERM", StringComparison.Ordinal) || cause.Message.Contains("AUTH ", StringComparison.Ordinal))
            {
                return "it refuses the user or the password of REDIS_URL.";
            }
        }

        return failure is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
            ? "it refuses the user, the password or the TLS of REDIS_URL."
            : null;
    }
}
