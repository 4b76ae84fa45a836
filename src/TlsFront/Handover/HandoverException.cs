namespace TlsFront.Handover;

/// <summary>Sessions cannot be handed over, or taken over; the message says why, for an operator.</summary>
internal sealed class HandoverException(string message, Exception? inner = null) : Exception(message, inner);
