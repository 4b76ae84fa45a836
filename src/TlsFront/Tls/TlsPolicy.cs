namespace TlsFront.Tls;

internal sealed class TlsPolicy;
