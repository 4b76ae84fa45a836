namespace TlsFront.Connections;

/// <summary>Words for <see cref="LoginTransport"/>.</summary>
internal static class LoginTransports
{
    /// <summary>The word in settings, log, metrics and reports.</summary>
    public static string Tag(this LoginTransport transport) => transport switch
    {
        LoginTransport.Implicit => "implicit",
        LoginTransport.StartTls => "starttls",
        _ => "cleartext",
    };

    /// <summary>The transport of a word; null if it is none's.</summary>
    public static LoginTransport? Parse(string? tag)
    {
        foreach (var transport in Enum.GetValues<LoginTransport>())
        {
            if (transport.Tag() == tag)
            {
                return transport;
            }
        }

        return null;
    }
}
