namespace TlsFront.Protocols.Smtp;

/// <summary>What the client's next octets are.</summary>
internal enum ClientMode : byte
{
    /// <summary>A command line.</summary>
    Command,

    /// <summary>A line that answers a 334.</summary>
    AuthenticationResponse,

    /// <summary>The first octets after 354: they decide whether there is a message to put a header on.</summary>
    FirstData,

    /// <summary>Message data up to the final dot.</summary>
    Data,

    /// <summary>Message data that the backend no longer takes: swallowed up to the final dot.</summary>
    UnwantedData,

    /// <summary>Octets of a BDAT chunk.</summary>
    Chunk,

    /// <summary>Octets of a BDAT chunk that was refused here: swallowed.</summary>
    RefusedChunk,

    /// <summary>Anything, after a message was refused as smuggling: the backend's session is spoilt, so is this one.</summary>
    AfterRefusal,
}
