using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using TlsFront.SystemTests.Gateways;

namespace TlsFront.SystemTests.Tls.Interop.Clients;

/// <summary>.NET's SslStream.</summary>
public sealed class DotNetClient() : InteropClient(".NET")
{
    /// <inheritdoc/>
    public override string? WhyNotResumed(InteropSuite suite) => "SslStream keeps no session for whoever chooses suites";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<string>> RunAsync(InteropTarget target, InteropSuite suite)
    {
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = GatewayProcess.Name,
            EnabledSslProtocols = suite.Version == "1.3" ? SslProtocols.Tls13 : SslProtocols.Tls12,
            CipherSuitesPolicy = new([Enum.Parse<TlsCipherSuite>(suite.Iana)]),
            RemoteCertificateValidationCallback = target.Gateway.Authority.Validate,
        };
        return [await ExchangeAsync(target, options), await ExchangeAsync(target, options)];
    }

    private static async Task<string> ExchangeAsync(InteropTarget target, SslClientAuthenticationOptions options)
    {
        using var deadline = new CancellationTokenSource(Eventually.Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, target.Port, deadline.Token);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(options, deadline.Token);
        await tls.WriteAsync(await File.ReadAllBytesAsync(target.Request, deadline.Token), deadline.Token);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(tls, deadline.Token));
    }
}
