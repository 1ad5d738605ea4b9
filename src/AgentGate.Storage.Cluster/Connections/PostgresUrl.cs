using AgentGate.Diagnostics;
using Npgsql;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>
/// Reads <c>DATABASE_URL</c>: <c>postgresql://user:password@host:5432/database?sslmode=verify-full&amp;sslrootcert=/path</c> (libpq's form,
/// also with the scheme <c>postgres</c>), or a connection string of Npgsql's keywords.
/// </summary>
internal static class PostgresUrl
{
    private const int ParameterMax = 32;

    /// <summary>Reads a URL.</summary>
    /// <param name="name">The setting it stands in, for the message.</param>
    /// <param name="text">The URL or connection string.</param>
    /// <exception cref="InvalidOperationException">It cannot be used; the message names the setting and never the password.</exception>
    public static NpgsqlConnectionStringBuilder Read(string name, string text)
    {
        try
        {
            return IsUrl(text) ? ReadUrl(name, new Uri(text)) : new NpgsqlConnectionStringBuilder(text);
        }
        catch (Exception unfit) when (unfit is UriFormatException or ArgumentException or FormatException or KeyNotFoundException)
        {
            // The text holds a password: of what the parser says, nothing is repeated.
            throw new InvalidOperationException(
                $"{Codes.ConfigurationInvalid}: {name} cannot be read. Write postgresql://user:password@host:5432/database, with % escapes for special characters in the password.");
        }
    }

    private static bool IsUrl(string text)
        => text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    private static NpgsqlConnectionStringBuilder ReadUrl(string name, Uri url)
    {
        // Where "/", "?" or "#" stand unescaped in a password, its tail reads as something else, up to the "@" it was meant to end with.
        if (url.Fragment.Length > 0 || url.PathAndQuery.Contains('@', StringComparison.Ordinal))
        {
            throw new FormatException();
        }

        var user = url.UserInfo.Split(':', 2);
        var builder = new NpgsqlConnectionStringBuilder { Host = url.Host.Trim('[', ']'), Port = url.Port < 0 ? 5432 : url.Port };
        if (user[0].Length > 0)
        {
            builder.Username = Uri.UnescapeDataString(user[0]);
        }

        if (user.Length == 2)
        {
            builder.Password = Uri.UnescapeDataString(user[1]);
        }

        if (url.AbsolutePath.Trim('/') is { Length: > 0 } database)
        {
            builder.Database = Uri.UnescapeDataString(database);
        }

        foreach (var part in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var pair = part.Split('=', 2);
            Apply(name, builder, pair[0], Uri.UnescapeDataString(pair.Length == 2 ? pair[1] : string.Empty));
        }

        return builder;
    }

    private static void Apply(string name, NpgsqlConnectionStringBuilder builder, string key, string value)
    {
        switch (key)
        {
            case "sslmode":
                builder.SslMode = value switch
                {
                    "disable" => SslMode.Disable,
                    "allow" => SslMode.Allow,
                    "prefer" => SslMode.Prefer,
                    "require" => SslMode.Require,
                    "verify-ca" => SslMode.VerifyCA,
                    "verify-full" => SslMode.VerifyFull,
                    _ => throw Unknown(name, "sslmode is disable, allow, prefer, require, verify-ca or verify-full"),
                };
                break;
            case "sslrootcert":
                builder.RootCertificate = value;
                break;
            case "sslcert":
                builder.SslCertificate = value;
                break;
            case "sslkey":
                builder.SslKey = value;
                break;
            case "connect_timeout":
                builder.Timeout = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "application_name":
                builder.ApplicationName = value;
                break;
            case "pool_max":
                builder.MaxPoolSize = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                break;
            default:
                throw Unknown(name, $"{Parameter(key)} is not known; they are sslmode, sslrootcert, sslcert, sslkey, connect_timeout, application_name, pool_max");
        }
    }

    /// <summary>Names a parameter that is not known, if it may be one: else it may be a part of a password.</summary>
    public static string Parameter(string key)
        => key.Length is > 0 and <= ParameterMax && key.All(c => char.IsAsciiLetter(c) || c == '_') ? $"the parameter \"{key}\"" : "a parameter";

    private static InvalidOperationException Unknown(string name, string why) => new($"{Codes.ConfigurationInvalid}: {name}: {why}.");
}
