namespace AgentGate.Server.Providers.Demo;

/// <summary>The demo model's only picture: one grey pixel, as PNG.</summary>
internal static class DemoImage
{
    public const string Base64 =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==";
}
