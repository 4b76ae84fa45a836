namespace TlsFront.Listeners;

/// <summary>The gateway cannot start; the message is for the operator and names the setting and the remedy.</summary>
internal sealed class GatewayStartException(string message, Exception? inner = null) : Exception(message, inner);
