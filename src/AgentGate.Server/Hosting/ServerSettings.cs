using System.Globalization;

namespace AgentGate.Server.Hosting;

/// <summary>The settings with published environment names, read once and checked.</summary>
internal sealed record ServerSettings(string Host, int Port, string StateDirectory, bool Fresh, StorageProfile Profile)
{
    /// <summary>Reads the settings.</summary>
    /// <exception cref="InvalidOperationException">A setting is not usable; the message names it and the way out.</exception>
    public static ServerSettings Read(IConfiguration configuration, string[] args)
    {
        var portText = configuration["AGENTGATE_PORT"] ?? "8000";
        if (!int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65535)
        {
            throw new InvalidOperationException($"AG7001: AGENTGATE_PORT is \"{portText}\"; it must be a number from 0 (any free port) to 65535.");
        }

        var profile = StorageProfile.Read(configuration);
        if (profile.IsCluster && args.Contains("--fresh"))
        {
            throw new InvalidOperationException(
                $"{Diagnostics.Codes.FreshInCluster}: --fresh would delete keys that the entries in the database need. "
                + "A demo cluster begins anew with ./run demo --profile cluster --fresh; any other with a new database and a new state directory.");
        }

        return new ServerSettings(
            configuration["AGENTGATE_HOST"] is { Length: > 0 } host ? host : "localhost",
            port,
            configuration["AGENTGATE_STATE_DIR"] is { Length: > 0 } directory ? directory : "data",
            args.Contains("--fresh"),
            profile);
    }

    /// <summary>The address to listen on.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://{(Port == 0 && Host == "localhost" ? "127.0.0.1" : Host)}:{Port}");
}
