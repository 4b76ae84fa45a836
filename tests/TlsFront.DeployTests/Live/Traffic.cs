using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Gateways;

namespace TlsFront.DeployTests.Live;

/// <summary>What comes to a mail server in a day: people who send and read, and everybody else.</summary>
internal sealed class Traffic(GatewayProcess gateway)
{
    /// <summary>Not admitted by a gateway with this in <c>admission.deny</c>.</summary>
    public const string RefusedClient = "127.0.0.9";

    /// <summary>A load balancer of a gateway with this in <c>proxyProtocol.trustedNetworks</c>.</summary>
    public const string Balancer = "127.0.0.10";

    /// <summary>The server name of a route whose backend is not there.</summary>
    public const string UnservedName = "unserved.example.test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A message handed in, read by IMAP and by POP3.</summary>
    public async Task MailAsync(MailUser user)
    {
        string[] login = ["--user", $"{user.Name}:{user.Password}"];
        (await gateway.CurlAsync(
            gateway.Ports.Smtp, "smtps://HOST", "Subject: traffic\r\n\r\nhello\r\n",
            [.. login, "--mail-from", user.Address, "--mail-rcpt", user.Address, "--upload-file", "-", "--url"])).Succeeded();
        (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX", "", login)).Succeeded();
        (await gateway.CurlAsync(gateway.Ports.Pop3, "pop3s://HOST/", "", login)).Succeeded();
    }

    /// <summary>A wrong password.</summary>
    public async Task RefusedLoginAsync(MailUser user) =>
        Assert.NotEqual(0, (await gateway.CurlAsync(gateway.Ports.Imap, "imaps://HOST/INBOX", "", ["--user", $"{user.Name}:wrong"])).ExitCode);

    /// <summary>A client of TLS 1.2 that comes again five times with its ticket.</summary>
    public Task ResumedAsync() => gateway.OpenSslAsync(gateway.Ports.Imap, "", ["-tls1_2", "-reconnect", "-servername", GatewayProcess.Name]);

    /// <summary>A client whose backend is not there: it is told so.</summary>
    public async Task UnservedAsync() =>
        Assert.Contains(
            "* BYE", (await gateway.OpenSslAsync(gateway.Ports.Imap, "", ["-quiet", "-servername", UnservedName])).Output, StringComparison.Ordinal);

    /// <summary>A client that is not admitted.</summary>
    public async Task DeniedAsync()
    {
        using var client = new TcpClient(new IPEndPoint(IPAddress.Parse(RefusedClient), 0));
        await client.ConnectAsync(IPAddress.Loopback, gateway.Ports.Imap);
        await EndAsync(client.GetStream());
    }

    /// <summary>A load balancer that looks whether the port is open.</summary>
    public async Task CheckAsync()
    {
        using var balancer = new TcpClient(new IPEndPoint(IPAddress.Parse(Balancer), 0));
        await balancer.ConnectAsync(IPAddress.Loopback, gateway.Ports.Imap);
    }

    /// <summary>A scanner that speaks another protocol.</summary>
    public async Task CleartextAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Ports.Imap);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.0\r\n\r\n"));
        await EndAsync(client.GetStream());
    }

    /// <summary>A client that does not trust the certificate, and says so.</summary>
    public async Task DistrustingAsync()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Ports.Imap);
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => false);
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(GatewayProcess.Name).WaitAsync(Patience));
    }

    private static async Task EndAsync(Stream stream)
    {
        try
        {
            while (await stream.ReadAsync(new byte[100]).AsTask().WaitAsync(Patience) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: an end as well.
        }
    }
}
