using System.Text;

namespace AgentGate.Integration.Tests.Clients;

/// <summary>Counts the requests an SDK sends, its retries included.</summary>
internal sealed class CountingHandler(Func<string, string>? rewrite = null) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        if (rewrite is not null && request.Content is not null)
        {
            var body = await request.Content.ReadAsStringAsync(cancellationToken);
            request.Content = new StringContent(rewrite(body), Encoding.UTF8, "application/json");
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
