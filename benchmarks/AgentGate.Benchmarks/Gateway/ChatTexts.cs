using System.Text;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>The one request and the one answer of the gateway table, about 1 KB each.</summary>
/// <remarks>The request holds an e-mail address and a social security number and the answer a token, so that masking and restoring really happen.</remarks>
internal static class ChatTexts
{
    public const string Model = "mock_model";

    private const string Prose =
        "The committee met in the old library and agreed that the bridge should be repaired before winter, although some members "
        + "would have preferred to wait for the report of the engineers, which was promised for the autumn. Please write a short and "
        + "friendly letter to the residents of both banks that explains what will happen, when the road will be closed, and whom they "
        + "may ask. Keep it under two hundred words and do not promise a date. ";

    public static byte[] Request { get; } = Encoding.UTF8.GetBytes(
        $$$$"""
        {"model":"{{{{Model}}}}","messages":[{"role":"system","content":"You are a careful assistant of the town hall. Answer in plain English, in full sentences, and never invent names or numbers."},{"role":"user","content":"{{{{Prose}}}}My e-mail address is ada.lovelace@example.com and my SSN is 123-45-6789, in case anyone needs to call me back about it. Thank you very much for your help, and give my best to everyone in the office who worked on this."}],"temperature":0.2,"max_tokens":400,"user":"resident-portal"}
        """);

    public static byte[] Answer { get; } = Encoding.UTF8.GetBytes(
        $$$$"""
        {"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion","created":1741569952,"model":"{{{{Model}}}}","choices":[{"index":0,"message":{"role":"assistant","content":"Dear residents, {{{{Prose}}}}We will write to <EMAIL_1> as soon as more is known. With kind regards, the town hall.","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":219,"completion_tokens":110,"total_tokens":329,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}},"service_tier":"default","system_fingerprint":null}
        """);

    /// <summary>A whole HTTP/1.1 request, ready to be sent again and again.</summary>
    public static byte[] Http(int port, params string[] headers)
    {
        var head = $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
            + string.Concat(headers.Select(header => header + "\r\n"))
            + $"Content-Length: {Request.Length}\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. Request];
    }
}
