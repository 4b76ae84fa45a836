using TlsFront.Configuration;
using TlsFront.Tls.ClientCertificates;

namespace TlsFront.Tests.Tls.ClientCertificates;

/// <summary>When somebody must have brought a new revocation list.</summary>
public sealed class RevocationEndTests : IDisposable
{
    // Lists know no fractions of seconds.
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds());

    private readonly ClientAuthority _authority = new();
    private readonly ClientAuthority _other = new("CN=Others");

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void The_first_list_of_a_file_to_end_decides()
    {
        _authority.List(Now.AddDays(-1), Now.AddDays(7));
        Append(_other, Now.AddDays(-1), Now.AddDays(3));
        Trust(_other);
        Assert.Equal(Now.AddDays(3), EndOf(Now));
    }

    [Fact]
    public void A_list_of_somebody_else_does_not_decide()
    {
        _authority.List(Now.AddDays(-1), Now.AddDays(7));
        Append(_other, Now.AddDays(-1), Now.AddDays(3));
        Assert.Equal(Now.AddDays(7), EndOf(Now));
    }

    [Fact]
    public void Of_two_authorities_with_one_name_each_has_its_own_list()
    {
        using var next = new ClientAuthority();
        Trust(next);
        _authority.List(Now.AddDays(-2), Now.AddDays(1));
        Append(next, Now.AddDays(-1), Now.AddDays(7));
        Assert.Equal(Now.AddDays(1), EndOf(Now));

        // Newer, but in the name of the other one alone.
        _authority.RevokeBy(next);
        Append(next, Now.AddDays(-1), Now.AddDays(7));
        Assert.Equal(Now, EndOf(Now));
    }

    [Fact]
    public void An_authority_without_a_list_is_locked_out_already()
    {
        _authority.List(Now.AddDays(-1), Now.AddDays(7));
        Trust(_other);
        Assert.Equal(Now, EndOf(Now));
    }

    [Fact]
    public void A_list_that_another_one_replaced_does_not_nor_one_of_the_future()
    {
        _authority.List(Now.AddDays(-9), Now.AddDays(-2));
        Append(_authority, Now.AddDays(-3), Now.AddDays(4));
        Append(_authority, Now.AddDays(1), Now.AddDays(11));
        Assert.Equal(Now.AddDays(4), EndOf(Now));
        Assert.Equal(Now.AddDays(11), EndOf(Now.AddDays(2)));
        Assert.Equal(Now.AddDays(-10), EndOf(Now.AddDays(-10)));
    }

    [Fact]
    public void The_end_follows_the_file()
    {
        _authority.List(Now.AddDays(-1), Now.AddDays(1));
        using var store = ClientAuthority.Store(new ClientCertificateSettings(_authority.AuthorityFile, _authority.RevocationFile));
        Assert.Equal([(_authority.RevocationFile, Now.AddDays(1))], store.RevocationEnds);

        _authority.List(Now.AddHours(-1), Now.AddDays(8));
        File.SetLastWriteTimeUtc(_authority.RevocationFile, DateTime.UtcNow.AddMinutes(1));
        store.Refresh();
        store.Refresh();
        Assert.Equal([(_authority.RevocationFile, Now.AddDays(8))], store.RevocationEnds);
    }

    [Fact]
    public void Nobody_has_to_bring_a_list_where_none_is_configured()
    {
        using var store = ClientAuthority.Store(new ClientCertificateSettings(_authority.AuthorityFile));
        Assert.Empty(store.RevocationEnds);
    }

    private DateTimeOffset? EndOf(DateTimeOffset now) => RevocationLists.Read(_authority.RevocationFile).Content!.EndFor(
        ClientCertificateStore.ReadAuthorities(_authority.AuthorityFile).Content!, now);

    private void Trust(ClientAuthority other) =>
        File.AppendAllText(_authority.AuthorityFile, $"\n{File.ReadAllText(other.AuthorityFile)}");

    private void Append(ClientAuthority authority, DateTimeOffset from, DateTimeOffset until)
    {
        var before = File.ReadAllText(_authority.RevocationFile);
        authority.List(from, until);
        File.WriteAllText(_authority.RevocationFile, $"{before}\n{File.ReadAllText(authority.RevocationFile)}");
    }
}
