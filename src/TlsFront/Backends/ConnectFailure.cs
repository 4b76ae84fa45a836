namespace TlsFront.Backends;

/// <summary>Why a destination could not be connected; the <c>error.type</c> of <c>tlsfront.backend.connect.duration</c>.</summary>
internal enum ConnectFailure : byte
{
    None,
    Refused,
    Timeout,
    Unreachable,
    NameNotResolved,
    NoLocalPort,
    TooManyOpenFiles,
    TlsFailed,
    Other,
}
