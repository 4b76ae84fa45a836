namespace TlsFront.Tls;

/// <summary>Alerts the gateway decides on itself, with their numbers on the wire (RFC 8446 section 6, RFC 7301 section 3.2).</summary>
internal enum TlsAlert : byte
{
    UnexpectedMessage = 10,
    BadRecordMac = 20,
    RecordOverflow = 22,
    HandshakeFailure = 40,
    IllegalParameter = 47,
    DecodeError = 50,
    ProtocolVersion = 70,
    InternalError = 80,
    MissingExtension = 109,
    UnrecognizedName = 112,
    NoApplicationProtocol = 120,
}
