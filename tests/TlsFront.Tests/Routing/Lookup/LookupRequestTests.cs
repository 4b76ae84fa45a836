using System.Net;
using System.Text;
using TlsFront.Connections;
using TlsFront.Routing.Lookup;

namespace TlsFront.Tests.Routing.Lookup;

/// <summary>The request is nginx's, word by word.</summary>
public sealed class LookupRequestTests
{
    [Fact]
    public async Task It_is_the_one_of_nginxs_documentation()
    {
        var request = await SentAsync(Lookups.Record("user", "password"), sendsPassword: true);

        Assert.Equal(
            """
            GET /auth?x=1 HTTP/1.1
            Host: 127.0.0.1
            Auth-Method: plain
            Auth-User: user
            Auth-Pass: password
            Auth-Protocol: imap
            Auth-Login-Attempt: 1
            Client-IP: 192.0.2.42
            X-TlsFront-Listener: imaps
            X-TlsFront-Connection: 01J9ZQ7K3M


            """.ReplaceLineEndings("\r\n"),
            request);
    }

    [Fact]
    public async Task The_password_is_not_sent_unless_it_is_to_be() =>
        Assert.DoesNotContain("Auth-Pass", await SentAsync(Lookups.Record(), sendsPassword: false), StringComparison.Ordinal);

    [Theory]
    [InlineData("external")]
    [InlineData("xoauth2")]
    [InlineData("oauthbearer")]
    [InlineData("scram")]
    public async Task A_method_without_a_password_is_named_and_nothing_sent_in_its_place(string method)
    {
        var request = await SentAsync(Lookups.Record(password: null, method: method), sendsPassword: true);

        Assert.Contains($"\r\nAuth-Method: {method}\r\nAuth-User: bob@example.org\r\nAuth-Protocol: ", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_load_balancer_and_TLS_told_is_handed_on()
    {
        var record = Lookups.Record(protocol: "smtp");
        record.Proxied(
            new IPEndPoint(IPAddress.Parse("2001:db8::7"), 4711), new IPEndPoint(IPAddress.Parse("203.0.113.1"), 465), null, null);
        record.Facts.Tls = new TlsFacts(TlsVersion.Tls12, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", null, null)
        {
            ClientCertificate = new ClientCertificateFacts("bob@example.org", null, "ca.pem", "0A1B", "CN=Users"),
        };
        ((ISessionObserver)record).LoginFailed();
        var request = await SentAsync(record, sendsPassword: false);

        Assert.Contains(
            """
            Auth-Protocol: smtp
            Auth-Login-Attempt: 2
            Client-IP: 2001:db8::7
            Client-Host: [UNAVAILABLE]
            Proxy-Protocol-Addr: 2001:db8::7
            Proxy-Protocol-Port: 4711
            Proxy-Protocol-Server-Addr: 203.0.113.1
            Proxy-Protocol-Server-Port: 465
            Auth-SSL: on
            Auth-SSL-Protocol: TLSv1.2
            Auth-SSL-Cipher: ECDHE-RSA-AES128-GCM-SHA256
            Auth-SSL-Verify: SUCCESS
            X-TlsFront-Listener: imaps
            """.ReplaceLineEndings("\r\n"),
            request,
            StringComparison.Ordinal);
    }

    /// <summary>nginx leaves the plus sign and everything beyond ASCII as it is: who decodes as forms are decoded reads another password.</summary>
    [Theory]
    [InlineData("a b", "a%20b")]
    [InlineData("100%", "100%25")]
    [InlineData("a+b&c=d", "a+b&c=d")]
    [InlineData("gr\u00fc\u00dfe", "gr\u00c3\u00bc\u00c3\u009fe")]
    [InlineData("\r\nAuth-Status: OK", "%0D%0AAuth-Status:%20OK")]
    [InlineData("\t\0\u007f", "%09%00\u007f")]
    [InlineData("", "")]
    public async Task Names_and_passwords_are_escaped_as_nginx_does(string text, string expected)
    {
        Assert.Equal(expected, LookupRequest.Encode(Encoding.UTF8.GetBytes(text)));
        var octets = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        var request = await SentAsync(Lookups.Record(text, octets), sendsPassword: true);

        Assert.Contains($"\r\nAuth-User: {expected}\r\nAuth-Pass: {expected}\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_asked_about_a_password_that_is_too_long()
    {
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Leads("192.0.2.1", 143));
        var record = Lookups.Record(password: new string('x', BackendLogin.MaxPassword + 1));
        var answer = await Lookups.AskAsync(service, static settings => settings with { SendsPassword = true }, record);

        Assert.Equal(LookupResult.PasswordTooLong, answer.Result);
        Assert.Empty(service.Requests);
    }

    private static async Task<string> SentAsync(ConnectionRecord record, bool sendsPassword)
    {
        await using var service = ScriptedService.Answering(static _ => ScriptedService.Leads("192.0.2.1", 143));
        var answer = await Lookups.AskAsync(service, settings => settings with { SendsPassword = sendsPassword }, record);
        Assert.Equal(LookupResult.Found, answer.Result);
        return Assert.Single(service.Requests).Replace($"127.0.0.1:{service.Port}", "127.0.0.1", StringComparison.Ordinal);
    }
}
