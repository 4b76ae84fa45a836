using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TlsFront.Configuration;

namespace TlsFront.Tests.Functional;

/// <summary>Backends that speak TLS behind the PROXY header.</summary>
public sealed class BackendTlsFunctionalTests : IDisposable
{
    private const string Address = "192.0.2.1:10465";
    private readonly string _folder = TestCertificates.CreateFolder("smtp.internal");

    private string Authorities => Path.Combine(_folder, "fullchain.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_header_is_in_clear_and_all_behind_it_is_not()
    {
        await using var gateway = await StartAsync(
            new() { Mode = BackendTlsMode.Implicit, Authorities = Authorities, CertificateName = "smtp.internal" });
        await using var client = await gateway.ConnectAsync("submissions");
        Assert.Equal("220 here\r\n", await client.ExpectAsync("\r\n"));
        await client.SendAsync("QUIT\r\n");
        Assert.Equal("221 bye\r\n", await client.ReadToEndAsync());
        Assert.Equal("completed", await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_is_an_end_for_the_backend()
    {
        await using var gateway = await StartAsync(new() { Mode = BackendTlsMode.Implicit, Verify = false });
        var client = await gateway.ConnectAsync("submissions");
        await client.ExpectAsync("220 here\r\n");
        await client.DisposeAsync();
        await Task.WhenAll(gateway.Network.Conversations).WaitAsync(TestClient.Patience);
    }

    [Theory]
    [InlineData(true, "another.internal", "no name")]
    [InlineData(false, "smtp.internal", "unknown authority")]
    public async Task A_certificate_that_proves_nothing_is_refused(bool known, string name, string why)
    {
        _ = why;
        await using var gateway = await StartAsync(
            new() { Mode = BackendTlsMode.Implicit, Authorities = known ? Authorities : null, CertificateName = name });
        await using var client = await gateway.ConnectAsync("submissions");
        Assert.StartsWith("421 4.3.2", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("backend_unavailable", await gateway.Ends.NextAsync());
    }

    [Fact]
    public async Task A_backend_that_speaks_no_TLS_is_a_failed_try()
    {
        await using var gateway = await StartAsync(new() { Mode = BackendTlsMode.Implicit, Verify = false });
        gateway.Network.Serve(Address, pipe => new ScriptedPeer(pipe).SendAsync("220 here\r\n"));
        await using var client = await gateway.ConnectAsync("submissions");
        Assert.StartsWith("421 4.3.2", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    private async Task<TestGateway> StartAsync(BackendTlsSettings tls)
    {
        var gateway = await TestGateway.StartAsync(settings => settings with
        {
            Backends =
            [
                .. settings.Backends.Select(backend => backend.Name == "postfix" ? backend with { Destinations = [Address], Tls = tls } : backend)
            ],
        });
        gateway.Network.Serve(Address, ServeAsync);
        return gateway;
    }

    private async Task ServeAsync(IDuplexPipe pipe)
    {
        // The header to its last byte, and not one of the hello behind it.
        var header = new StringBuilder();
        while (!header.ToString().EndsWith("\r\n", StringComparison.Ordinal))
        {
            var read = await pipe.Input.ReadAsync();
            header.Append((char)read.Buffer.FirstSpan[0]);
            pipe.Input.AdvanceTo(read.Buffer.GetPosition(1));
        }

        Assert.StartsWith("PROXY TCP4 203.0.113.5 ", header.ToString(), StringComparison.Ordinal);
        using var certificate = X509Certificate2.CreateFromPemFile(Path.Combine(_folder, "fullchain.pem"), Path.Combine(_folder, "privkey.pem"));
        await using var tls = new SslStream(new TestDuplexStream(pipe));
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificate = certificate,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13
                });
            await tls.WriteAsync("220 here\r\n"u8.ToArray());
            var buffer = new byte[1024];
            while (await tls.ReadAsync(buffer) is var count && count > 0)
            {
                if (Encoding.ASCII.GetString(buffer, 0, count) == "QUIT\r\n")
                {
                    await tls.WriteAsync("221 bye\r\n"u8.ToArray());
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            // A client that does not like the certificate.
        }
    }
}
