using System.Buffers;
using System.Net.Security;
using System.Runtime.Versioning;
using System.Security.Authentication;
using System.Text;
using TlsFront.Configuration;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Transport.Managed;

namespace TlsFront.Tests.Tls;

[UnsupportedOSPlatform("windows")]
public sealed class ManagedTlsHandshakeTests : ManagedTlsTest
{
    private static readonly TestCertificate Other = TestAuthority.Shared.Ecdsa("other.example.com", "*.wild.example.com");

    [Theory]
    [InlineData(SslProtocols.Tls12, (int)TlsVersion.Tls12)]
    [InlineData(SslProtocols.Tls13, (int)TlsVersion.Tls13)]
    public async Task Both_versions_are_negotiated_and_named_in_the_facts(SslProtocols protocols, int version)
    {
        var (server, client) = await ConnectAsync(Policy(store: Folder.Store(Ecdsa)), Client(protocols));

        Assert.Equal(CloseReason.None, server.Outcome.Failure);
        Assert.Equal((TlsVersion)version, server.Outcome.Facts!.Version);
        Assert.Equal(client!.NegotiatedCipherSuite.ToString(), server.Outcome.Facts.CipherSuite);
        Assert.StartsWith("TLS_", server.Outcome.Facts.CipherSuite, StringComparison.Ordinal);
        Assert.Equal("mail.example.com", server.Outcome.Facts.ServerName);
        Assert.Null(server.Outcome.Facts.ApplicationProtocol);
    }

    [Fact]
    public async Task Bytes_pass_both_ways_and_those_sent_with_the_finished_are_not_lost()
    {
        var (server, client) = await ConnectAsync(Policy(store: Folder.Store(Ecdsa)), Client(), hello: "EHLO early\r\n"u8.ToArray());

        var buffer = new byte[64];
        var read = await server.Stream!.ReadAtLeastAsync(buffer, 12, cancellationToken: Deadline);
        Assert.Equal("EHLO early\r\n", Encoding.ASCII.GetString(buffer, 0, read));
        await server.Stream.WriteAsync("250 ok\r\n"u8.ToArray(), Deadline);
        read = await client!.ReadAtLeastAsync(buffer, 8, cancellationToken: Deadline);
        Assert.Equal("250 ok\r\n", Encoding.ASCII.GetString(buffer, 0, read));
    }

    [Fact]
    public async Task The_chain_presented_has_the_intermediate_and_lacks_the_root()
    {
        var presented = 0;
        var options = Client();
        options.RemoteCertificateValidationCallback = (_, _, chain, _) =>
        {
            // What the chain engine got to work with is what the server sent.
            presented = chain!.ChainPolicy.ExtraStore.Count;
            return presented > 0;
        };
        await ConnectAsync(Policy(store: Folder.Store(Ecdsa)), options);
        Assert.Equal(2, presented);
    }

    [Theory]
    [InlineData("other.example.com", true)]
    [InlineData("a.wild.example.com", true)]
    [InlineData("OTHER.example.com", true)]
    [InlineData("a.b.wild.example.com", false)]
    [InlineData("wild.example.com", false)]
    [InlineData("unknown.example.com", false)]
    [InlineData("", false)]
    public async Task The_certificate_follows_the_server_name(string name, bool other)
    {
        var options = Client(name: name);
        var (_, client) = await ConnectAsync(Policy(store: Folder.Store(Ecdsa, Other)), options);
        Assert.Equal((other ? Other : Ecdsa).Thumbprint, Thumbprint(client));
    }

    [Fact]
    public async Task No_name_gets_the_default_even_on_a_strict_listener()
    {
        var policy = Policy(new TlsSettings(UnknownName: UnknownName.Reject), store: Folder.Store(Ecdsa));
        var (server, client) = await ConnectAsync(policy, Client(name: ""));
        Assert.Null(server.Outcome.Facts!.ServerName);
        Assert.Equal(Ecdsa.Thumbprint, Thumbprint(client));
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, false)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, true)]
    public async Task Rsa_or_ecdsa_is_chosen_by_the_suites_of_a_1_2_client(TlsCipherSuite suite, bool ecdsa)
    {
        var options = Client(SslProtocols.Tls12);
        options.CipherSuitesPolicy = new CipherSuitesPolicy([suite]);
        var (_, client) = await ConnectAsync(Policy(store: Folder.Store(Rsa, Ecdsa)), options);
        Assert.Equal((ecdsa ? Ecdsa : Rsa).Thumbprint, Thumbprint(client));
    }

    [Theory]
    [InlineData(MailProtocol.Imap, "imap", "imap")]
    [InlineData(MailProtocol.Imap, "h2 imap", "imap")]
    [InlineData(MailProtocol.Imap, "", null)]
    [InlineData(MailProtocol.Pop3, "pop3", "pop3")]
    [InlineData(MailProtocol.Smtp, "h2 smtp", null)]
    [InlineData(MailProtocol.Tcp, "xmpp-client", null)]
    public async Task The_application_protocol_is_the_listeners_or_none(object protocol, string offered, string? negotiated)
    {
        var options = Client();
        options.ApplicationProtocols = [.. offered.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => new SslApplicationProtocol(id))];
        var (server, client) = await ConnectAsync(Policy(protocol: (MailProtocol)protocol, store: Folder.Store(Ecdsa)), options);
        Assert.Equal(negotiated, server.Outcome.Facts!.ApplicationProtocol);
        Assert.Equal(negotiated ?? "", client!.NegotiatedApplicationProtocol.ToString());
    }

    [Theory]
    [InlineData("h2 http/1.1", null)]
    [InlineData("h2 imap", "imap")]
    public async Task A_lenient_listener_ignores_foreign_application_protocols_alone(string offered, string? negotiated)
    {
        var options = Client();
        options.ApplicationProtocols = [.. offered.Split(' ').Select(id => new SslApplicationProtocol(id))];
        var policy = Policy(new TlsSettings(Alpn: AlpnMode.Ignore), MailProtocol.Imap, Folder.Store(Ecdsa));
        var (server, client) = await ConnectAsync(policy, options);
        Assert.Equal(negotiated, server.Outcome.Facts!.ApplicationProtocol);
        Assert.Equal(negotiated ?? "", client!.NegotiatedApplicationProtocol.ToString());
    }

    [Fact]
    public async Task A_ticket_does_not_resume_so_that_none_crosses_policies()
    {
        const int PreSharedKey = 41;
        var store = Folder.Store(Ecdsa);
        var (first, client) = await ConnectAsync(Policy(store: store), Client(SslProtocols.Tls13));
        await first.Stream!.WriteAsync("* OK\r\n"u8.ToArray(), Deadline);
        await client!.ReadExactlyAsync(new byte[6], Deadline);
        await client.ShutdownAsync();
        await client.DisposeAsync();

        var hello = await Hellos.CaptureAsync(Client(SslProtocols.Tls13));
        var pair = new DuplexPipePair();
        await pair.Client.Output.WriteAsync(hello, Deadline);
        var server = ManagedTlsHandshake.AuthenticateAsync(pair.Server, Policy(new TlsSettings(TlsVersion.Tls13), store: store), Deadline).AsTask();
        var answer = (await pair.Client.Input.ReadAsync(Deadline)).Buffer.ToArray();
        await pair.Client.Output.CompleteAsync();
        await server;

        Assert.Contains(PreSharedKey, Hellos.Extensions(hello));
        Assert.DoesNotContain(PreSharedKey, Hellos.Extensions(answer));
    }

    [Fact]
    public async Task No_1_2_session_is_issued_so_that_none_resumes_under_another_policy()
    {
        var hello = new HelloBuilder().Signatures(0x0403).Groups(23).Extension(11, [1, 0]).Extension(35, []).Record();
        await Pair.Client.Output.WriteAsync(hello, Deadline);
        var server = ManagedTlsHandshake.AuthenticateAsync(Pair.Server, Policy(store: Folder.Store(Ecdsa)), Deadline).AsTask();
        var answer = (await Pair.Client.Input.ReadAsync(Deadline)).Buffer.ToArray();

        const int SessionTicket = 35;
        Assert.DoesNotContain(SessionTicket, Hellos.Extensions(answer));
        Assert.Equal(0, answer[Hellos.SessionIdentifier]);
        await Pair.Client.Output.CompleteAsync();
        await server;
    }

    [Theory]
    [InlineData(SslProtocols.Tls13, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384)]
    [InlineData(SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    public async Task The_clients_order_of_suites_decides(SslProtocols protocols, TlsCipherSuite first, TlsCipherSuite second)
    {
        var options = Client(protocols);
        options.CipherSuitesPolicy = new CipherSuitesPolicy([first, second]);
        var (server, _) = await ConnectAsync(Policy(store: Folder.Store(Ecdsa)), options);
        Assert.Equal(first.ToString(), server.Outcome.Facts!.CipherSuite);
    }

    [Fact]
    public async Task A_large_hello_is_served()
    {
        var options = Client();
        options.ApplicationProtocols = [.. Hellos.ForeignProtocols(180), new("imap")];
        var (server, _) = await ConnectAsync(Policy(protocol: MailProtocol.Imap, store: Folder.Store(Ecdsa)), options);
        Assert.Equal("imap", server.Outcome.Facts!.ApplicationProtocol);
    }

    [Fact]
    public async Task A_hello_that_arrives_byte_by_byte_is_served()
    {
        var policy = Policy(store: Folder.Store(Ecdsa));
        var trickle = new DuplexPipePair();
        var server = ManagedTlsHandshake.AuthenticateAsync(trickle.Server, policy, Deadline).AsTask();
        var hello = await Hellos.CaptureAsync(Client());
        foreach (var octet in hello)
        {
            await trickle.Client.Output.WriteAsync(new[] { octet }, Deadline);
        }

        // The server's answer proves that the hello was taken.
        var answer = await trickle.Client.Input.ReadAsync(Deadline);
        Assert.Equal(22, answer.Buffer.FirstSpan[0]);
        await trickle.Client.Output.CompleteAsync();
        await server;
    }
}
