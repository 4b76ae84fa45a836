namespace TlsFront.Benchmarks.Soak;

/// <summary>Ports on 127.0.0.1 of the backends.</summary>
internal sealed record SinkPorts(int Transfers, int Smtp, int Imap);
