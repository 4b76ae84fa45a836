namespace TlsFront.SystemTests.Gateways;

/// <summary>Where a gateway listens on 127.0.0.1.</summary>
public sealed record GatewayPorts(int Smtp, int Imap, int Pop3, int Admin);
