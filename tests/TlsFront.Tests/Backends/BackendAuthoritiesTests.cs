using System.Security.Authentication;
using Microsoft.Extensions.Logging.Testing;
using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Protocols;
using TlsFront.ProxyProtocol;
using TlsFront.Tests.Tls;

namespace TlsFront.Tests.Backends;

/// <summary>The authorities of backends' certificates follow their files.</summary>
public sealed class BackendAuthoritiesTests : IDisposable
{
    private static readonly TestCertificate Old = TestAuthority.Shared.Ecdsa("old.example.com");
    private static readonly TestCertificate New = TestAuthority.Shared.Ecdsa("new.example.com");

    private readonly CertificateFolder _folder = new();
    private readonly FakeLogger<BackendAuthorities> _logger = new();
    private readonly BackendAuthorities _authorities;
    private readonly BackendTlsFactory _terms;
    private readonly BackendTlsSettings _tls;

    public BackendAuthoritiesTests()
    {
        _authorities = new(_logger);
        _terms = new(_authorities);
        _tls = new() { Mode = BackendTlsMode.Implicit, Authorities = _folder.At("ca.pem") };
        Write(Old.FullChain);
        var prepared = _authorities.Prepare([Backend(_tls)]);
        Assert.Empty(prepared.Problems);
        prepared.Commit();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_terms_stay_the_same_object_as_long_as_the_file_is_the_same()
    {
        var terms = Terms();
        Settle();
        Assert.Same(terms, Terms());
        Assert.Empty(Logged());
    }

    [Fact]
    public void A_file_that_changed_counts_for_the_next_connection_once_it_is_at_rest()
    {
        var terms = Terms();
        Write(New.FullChain);
        _authorities.Refresh();
        Assert.Same(terms, Terms());
        _authorities.Refresh();
        Assert.Equal(New.Thumbprint, Trusted());
        Assert.NotSame(terms, Terms());
        Assert.Equal([$"Information Authorities of backends read again from {_tls.Authorities}"], Logged());
    }

    [Fact]
    public void A_file_that_turns_unusable_leaves_its_last_good_authorities_and_is_told_once()
    {
        Write("nonsense");
        Settle();
        Settle();
        Assert.Equal(Old.Thumbprint, Trusted());
        Assert.Equal(
            "Error Authorities of backends not read again, keeping the previous content until the file is fixed: "
            + $"{_tls.Authorities} holds no certificate; name a PEM file with the certificate of the authority",
            Assert.Single(Logged()));
        Assert.NotNull(Assert.Single(_authorities.Files).Problem);

        Write(New.FullChain);
        Settle();
        Assert.Equal(New.Thumbprint, Trusted());
        Assert.Null(Assert.Single(_authorities.Files).Problem);
    }

    [Fact]
    public void New_settings_with_a_file_that_cannot_be_used_are_refused()
    {
        var problem = Assert.Single(_authorities.Prepare([Backend(_tls), Backend(_tls with { Authorities = "/nowhere" })]).Problems);
        Assert.Contains("/nowhere", problem, StringComparison.Ordinal);
        Assert.Equal(_tls.Authorities, Assert.Single(_authorities.Files).Path);
        Assert.Throws<AuthenticationException>(() => _terms.For(_tls with { Authorities = "/nowhere" }, "host", MailProtocol.Imap));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_file_that_nobody_is_verified_by_is_not_read(bool isTls, bool verify)
    {
        var mode = isTls ? BackendTlsMode.Implicit : BackendTlsMode.None;
        var prepared = _authorities.Prepare([Backend(_tls with { Mode = mode, Verify = verify, Authorities = "/nowhere" })]);
        Assert.Empty(prepared.Problems);
        prepared.Commit();
        Assert.Empty(_authorities.Files);
    }

    private static BackendSettings Backend(BackendTlsSettings tls) => new()
    {
        Name = "dovecot",
        Kind = BackendKind.Dovecot,
        Destinations = ["imap.internal:993"],
        ProxyProtocol = ProxyHeaderVersion.V2,
        Tls = tls,
    };

    private TlsFront.Transport.BackendTlsParameters Terms() => _terms.For(_tls, "imap.internal", MailProtocol.Imap);

    private string Trusted() => Terms().Authorities![0].Thumbprint;

    private void Write(string text) => File.WriteAllText(_folder.At("ca.pem"), text);

    private void Settle()
    {
        _authorities.Refresh();
        _authorities.Refresh();
    }

    private IEnumerable<string> Logged() => _logger.Collector.GetSnapshot().Select(static record => $"{record.Level} {record.Message}");
}
