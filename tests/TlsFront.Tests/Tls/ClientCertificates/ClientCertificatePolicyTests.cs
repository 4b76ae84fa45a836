using System.Security.Cryptography.X509Certificates;
using TlsFront.Configuration;
using TlsFront.Tests.Functional;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Tests.Tls.ClientCertificates;

public sealed class ClientCertificatePolicyTests : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private readonly ClientAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void A_certificate_of_the_authority_is_good()
    {
        using var certificate = _authority.Issue("CN=Alice", ["alice@example.org"]);
        Assert.True(_authority.Policy().Judge(certificate, []).IsGood);
    }

    [Fact]
    public void One_without_a_purpose_is_for_any()
    {
        using var certificate = _authority.Issue("CN=Alice", purpose: null);
        Assert.True(_authority.Policy().Judge(certificate, []).IsGood);
    }

    [Fact]
    public void One_of_another_authority_is_not_even_if_it_has_the_same_name_and_is_sent_along()
    {
        using var other = new ClientAuthority();
        using var certificate = other.Issue("CN=Alice", ["alice@example.org"]);
        var sent = new X509Certificate2Collection();
        sent.ImportFromPemFile(other.AuthorityFile);
        Assert.False(_authority.Policy().Judge(certificate, sent).IsGood);
        Assert.False(_authority.Policy().Judge(certificate, []).IsGood);
        using var others = new ClientAuthority("CN=Others");
        using var another = others.Issue("CN=Alice", ["alice@example.org"]);
        Assert.Equal("it is of no authority in ca", _authority.Policy().Judge(another, []).Words);
    }

    [Fact]
    public void One_that_ended_or_has_not_begun_is_not()
    {
        var now = DateTimeOffset.UtcNow;
        using var ended = _authority.Issue("CN=Alice", from: now.AddDays(-9), to: now.AddHours(-1));
        using var future = _authority.Issue("CN=Alice", from: now.AddHours(1));
        Assert.Equal(X509ChainStatusFlags.NotTimeValid, _authority.Policy().Judge(ended, []).Fault);
        Assert.Equal(X509ChainStatusFlags.NotTimeValid, _authority.Policy().Judge(future, []).Fault);
    }

    [Fact]
    public void One_for_servers_is_not()
    {
        using var certificate = _authority.Issue("CN=Alice", purpose: ServerAuth);
        Assert.Equal(X509ChainStatusFlags.NotValidForUsage, _authority.Policy().Judge(certificate, []).Fault);
    }

    [Theory]
    [InlineData(X509KeyUsageFlags.DigitalSignature, true)]
    [InlineData(X509KeyUsageFlags.KeyEncipherment, false)]
    [InlineData(X509KeyUsageFlags.KeyCertSign, false)]
    public void Its_key_must_be_for_signatures_where_it_says_what_for(X509KeyUsageFlags usage, bool isGood)
    {
        using var certificate = _authority.Issue("CN=Alice", usage: usage);
        Assert.Equal(isGood, _authority.Policy().Judge(certificate, []).IsGood);
    }

    [Fact]
    public void An_authority_is_no_user_and_one_below_a_root_is_no_authority_to_configure()
    {
        var sent = new X509Certificate2Collection();
        sent.ImportFromPemFile(_authority.AuthorityFile);
        Assert.False(_authority.Policy().Judge(sent[0], []).IsGood);

        using var lower = _authority.Issue("CN=Lower");
        File.WriteAllText(_authority.AuthorityFile, lower.ExportCertificatePem());
        var (content, problems) = ClientCertificateStore.ReadAuthorities(_authority.AuthorityFile);
        Assert.Null(content);
        Assert.Contains("CN=Lower, which is no root: CN=Clients signed it", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_a_reload_names_are_read_again_when_they_change()
    {
        using var certificate = _authority.Issue("CN=Alice");
        var named = new ClientCertificateSettings(_authority.AuthorityFile, _authority.RevocationFile);
        _authority.Revoke(null);
        var settings = ClientAuthority.Settings(new());
        using var store = ClientAuthority.Store(settings);
        var wanted = ClientAuthority.Settings(named).Current;

        // As listeners do it: before the store has taken anything over.
        var policy = store.Find(named)!;
        Assert.True(policy.Judge(certificate, []).IsGood);
        settings.Replace(wanted);
        _authority.Revoke(null, certificate);
        store.Refresh();
        store.Refresh();
        Assert.Equal(X509ChainStatusFlags.Revoked, policy.Judge(certificate, []).Fault);
        Assert.Equal(policy, store.Find(named));
    }

    [Fact]
    public void One_that_is_revoked_is_not_and_the_others_are()
    {
        using var bad = _authority.Issue("CN=Bob");
        using var good = _authority.Issue("CN=Alice");
        _authority.Revoke(null, bad);
        var policy = _authority.Policy(revokes: true);
        Assert.Equal((X509ChainStatusFlags.Revoked, "it is revoked"), (policy.Judge(bad, []).Fault, policy.Judge(bad, []).Words));
        Assert.True(policy.Judge(good, []).IsGood);
    }

    [Fact]
    public void Nobody_is_let_in_by_a_list_that_is_out_of_date()
    {
        using var certificate = _authority.Issue("CN=Alice");
        _authority.Revoke(DateTimeOffset.UtcNow.AddHours(-1));
        Assert.Equal(X509ChainStatusFlags.OfflineRevocation, _authority.Policy(revokes: true).Judge(certificate, []).Fault);
    }

    [Fact]
    public void Nobody_is_let_in_by_a_list_that_somebody_else_signed()
    {
        using var other = new ClientAuthority();
        using var certificate = _authority.Issue("CN=Alice");
        _authority.RevokeBy(other);
        Assert.Equal(X509ChainStatusFlags.RevocationStatusUnknown, _authority.Policy(revokes: true).Judge(certificate, []).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Nobody_is_let_in_by_a_file_that_is_no_list_and_the_problem_is_told(string content)
    {
        using var certificate = _authority.Issue("CN=Alice");
        File.WriteAllText(_authority.RevocationFile, content);
        Assert.Equal(X509ChainStatusFlags.RevocationStatusUnknown, _authority.Policy(revokes: true).Judge(certificate, []).Fault);
        var problem = Assert.Single(RevocationLists.Read(_authority.RevocationFile).Problems);
        Assert.Contains(_authority.RevocationFile, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_is_too_long_is_not_even_built()
    {
        using var certificate = _authority.Issue("CN=Alice");
        var sent = new X509Certificate2Collection();
        sent.AddRange(
            (X509Certificate2[])[.. Enumerable.Range(0, ClientCertificatePolicy.MaxChain + 1).Select(number => _authority.Issue($"CN={number}"))]);
        Assert.False(_authority.Policy().Judge(certificate, sent).IsGood);
    }

    [Theory]
    [InlineData("CN=Alice", "alice@example.org", "alice@example.org")]
    [InlineData("CN=Alice", null, null)]
    [InlineData("CN=Alice", "alice@example.org bob@example.org", null)]
    [InlineData("CN=Alice, E=bob@example.org", null, null)]
    public void A_mail_address_counts_if_it_is_the_only_one_among_the_alternative_names(string subject, string? mail, string? user)
    {
        using var certificate = _authority.Issue(subject, mail?.Split(' '));
        Assert.Equal(user, _authority.Policy().Identify(certificate).User);
    }

    [Theory]
    [InlineData("CN=alice", "alice")]
    [InlineData("O=Example, CN=alice@example.org", "alice@example.org")]
    [InlineData("CN=alice, CN=bob", null)]
    [InlineData("O=Example", null)]
    [InlineData("CN=alice smith", null)]
    [InlineData("CN=\"alice\u0000bob\"", null)]
    public void A_common_name_counts_if_it_is_the_only_one_and_could_be_a_users(string subject, string? user)
    {
        using var certificate = _authority.Issue(subject);
        Assert.Equal(user, _authority.Policy(CertificateUser.CommonName).Identify(certificate).User);
    }

    [Fact]
    public void Authorities_that_change_count_from_then_on()
    {
        using var other = new ClientAuthority("CN=Others");
        using var certificate = other.Issue("CN=Alice");
        var settings = new ClientCertificateSettings(_authority.AuthorityFile);
        using var store = ClientAuthority.Store(settings);
        var policy = store.Find(settings)!;
        Assert.False(policy.Judge(certificate, []).IsGood);

        // As long as the one before, and perhaps of the same tick of the file system's clock.
        File.Copy(other.AuthorityFile, _authority.AuthorityFile, overwrite: true);
        File.SetLastWriteTimeUtc(_authority.AuthorityFile, DateTime.UtcNow.AddMinutes(1));
        store.Refresh();
        store.Refresh();
        Assert.True(policy.Judge(certificate, []).IsGood);

        File.WriteAllText(_authority.AuthorityFile, "nothing");
        store.Refresh();
        store.Refresh();
        Assert.True(policy.Judge(certificate, []).IsGood);
        Assert.Contains(store.Files, static file => file.Problem is not null);
    }
}
