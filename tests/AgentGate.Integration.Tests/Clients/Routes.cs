namespace AgentGate.Integration.Tests.Clients;

/// <summary>The model routes with and without streaming, as theory data.</summary>
internal static class Routes
{
    public static TheoryData<string> All => new("chat", "responses", "messages");

    public static TheoryData<string, bool> BothWays
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var route in (string[])["chat", "responses", "messages"])
            {
                data.Add(route, false);
                data.Add(route, true);
            }

            return data;
        }
    }
}
