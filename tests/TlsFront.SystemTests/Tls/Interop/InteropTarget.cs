using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Tls.Interop;

/// <summary>What a client is told: where to go and what to send.</summary>
/// <param name="Gateway">Where to go.</param>
/// <param name="Request">The file with what is sent.</param>
/// <param name="Body">The file with its body alone.</param>
/// <param name="AnswerLength">Octets of the answer.</param>
/// <param name="Folder">For files of the client's own.</param>
public sealed record InteropTarget(GatewayProcess Gateway, string Request, string Body, long AnswerLength, TemporaryFolder Folder)
{
    /// <summary>Octets in a body, each way and session: two sessions of each client and suite take a minute or two then.</summary>
    public const int Size = 4 << 20;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port => Gateway.Ports.Tcp;

    /// <summary>What the client trusts.</summary>
    public string Authority => Gateway.AuthorityFile;

    /// <summary>A file of the client's own.</summary>
    public string PathOf(string name) => Folder.PathOf(name);
}
