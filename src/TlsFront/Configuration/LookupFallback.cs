namespace TlsFront.Configuration;

/// <summary>What becomes of a login whose lookup has no usable answer.</summary>
internal enum LookupFallback : byte
{
    /// <summary>The client hears that the service is not available.</summary>
    Refuse,

    /// <summary>It goes where users go whom nobody names.</summary>
    Default,
}
