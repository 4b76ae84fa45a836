namespace TlsFront.Configuration;

/// <summary>The host of a destination: what backends of several protocols have in common.</summary>
internal static class DestinationHost
{
    /// <summary>Of <c>host:port</c>, in lower case: names are the same in any.</summary>
    public static string Of(string destination) =>
        (destination.LastIndexOf(':') is > 0 and var colon ? destination[..colon] : destination).ToLowerInvariant();
}
