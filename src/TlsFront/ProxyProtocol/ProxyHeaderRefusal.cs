using TlsFront.Connections;

namespace TlsFront.ProxyProtocol;

/// <summary>Why bytes are no header.</summary>
/// <param name="Reason"><see cref="CloseReason.ProxyHeaderMissing"/> or <see cref="CloseReason.ProxyHeaderInvalid"/>.</param>
/// <param name="Detail">What is wrong, in an operator's words; never the bytes themselves, which may hold anything.</param>
internal sealed record ProxyHeaderRefusal(CloseReason Reason, string Detail);
