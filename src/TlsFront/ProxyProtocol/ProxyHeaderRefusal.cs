using TlsFront.Connections;

namespace TlsFront.ProxyProtocol;

/// <summary>Why bytes are no header.</summary>
/// <param name="Reason"><see cref="CloseReason.ProxyHeaderMissing"/> or <see cref="CloseReason.ProxyHeaderInvalid"/>.</param>
/// <param name="Detail">What is wrong, in an operator's words, with the header as <see cref="ProxyHeaderQuote"/> has it; no other bytes.</param>
internal sealed record ProxyHeaderRefusal(CloseReason Reason, string Detail);
