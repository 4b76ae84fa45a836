using System.Net;
using CsCheck;
using TlsFront.Configuration;
using TlsFront.Configuration.Users;
using TlsFront.Connections;
using TlsFront.Policies;
using TlsFront.Protocols;

namespace TlsFront.Tests.Policies;

/// <summary>Which logins a policy matches.</summary>
public sealed class PolicyTests
{
    private static readonly DateTimeOffset Noon = new(2027, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PolicySettings Everything = new() { Name = "p", Action = PolicyAction.Refuse };

    private static readonly PolicySubject Bob = new()
    {
        Listener = Listener("imap", MailProtocol.Imap, ListenerSecurity.StartTls),
        Connection = "01M85QFA1M536K68",
        Client = IPAddress.Parse("192.0.2.7"),
        User = "bob@example.org",
        Transport = LoginTransport.StartTls,
        ServerName = "imap.example.org",
        Tls = TlsVersion.Tls12,
        HasWeakCipher = false,
        Ja4 = "t12d311000_e8f1e7e78f70_1f22a2ca17c4",
        Program = "Thunderbird/128.0",
        Now = Noon,
    };

    [Fact]
    public void What_is_absent_matches_everything() => Assert.Equal(PolicyCondition.None, Judge(Everything, Bob));

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("192.0.2.0/24", true)]
    [InlineData("198.51.100.0/24", false)]
    [InlineData("2001:db8::/32", false)]
    public void Networks_hold_the_client(string network, bool matches) =>
        Check(Everything with { Networks = new(NetworkSet.Of([IPNetwork.Parse(network.Contains('/') ? network : $"{network}/32")]), []) }, matches,
            PolicyCondition.Network);

    [Theory]
    [InlineData("bob@example.org", true)]
    [InlineData("@example.org", true)]
    [InlineData("*", true)]
    [InlineData("bob", false)]
    [InlineData("@example.com", false)]
    [InlineData("bob@example.org.evil.example", false)]
    public void Users_are_named_by_name_domain_or_all(string key, bool matches) =>
        Check(Everything with { Users = new([key], []) }, matches, PolicyCondition.User);

    [Theory]
    [InlineData("imap.example.org", true)]
    [InlineData("*.example.org", true)]
    [InlineData("example.org", false)]
    [InlineData("*.imap.example.org", false)]
    public void Server_names_are_those_of_the_hello(string name, bool matches)
    {
        var policy = Everything with { ServerNames = [name] };
        Check(policy, matches, PolicyCondition.ServerName);
        Assert.Equal(PolicyCondition.ServerName, Judge(policy, Bob with { ServerName = null }));
    }

    [Fact]
    public void Listener_protocol_and_transport_are_those_of_the_session()
    {
        Check(Everything with { Listeners = ["imap"] }, true, PolicyCondition.Listener);
        Check(Everything with { Listeners = ["imaps"] }, false, PolicyCondition.Listener);
        Check(Everything with { Protocols = [MailProtocol.Imap] }, true, PolicyCondition.Listener);
        Check(Everything with { Protocols = [MailProtocol.Pop3] }, false, PolicyCondition.Listener);
        Check(Everything with { Transport = LoginTransport.StartTls }, true, PolicyCondition.Listener);
        Check(Everything with { Transport = LoginTransport.Implicit }, false, PolicyCondition.Listener);
        Check(Everything with { Transport = LoginTransport.Cleartext }, false, PolicyCondition.Listener);
        var tcp = Bob with { Listener = Listener("echo", MailProtocol.Tcp, ListenerSecurity.Implicit) };
        Assert.Equal(PolicyCondition.Listener, Judge(Everything, tcp));
    }

    /// <summary>What is written for one device must not open the door for the telephone of its user.</summary>
    [Theory]
    [InlineData(PolicyAction.Allow, null, false)]
    [InlineData(PolicyAction.Warn, null, false)]
    [InlineData(PolicyAction.Refuse, null, true)]
    [InlineData(PolicyAction.Allow, LoginTransport.StartTls, false)]
    [InlineData(PolicyAction.Allow, LoginTransport.Cleartext, true)]
    [InlineData(PolicyAction.Warn, LoginTransport.Cleartext, true)]
    [InlineData(PolicyAction.Refuse, LoginTransport.Cleartext, true)]
    internal void Cleartext_is_let_in_by_its_name_alone(PolicyAction action, LoginTransport? transport, bool matches)
    {
        var cleartext = Bob with
        {
            Listener = Listener("imap", MailProtocol.Imap, ListenerSecurity.Optional),
            Transport = LoginTransport.Cleartext,
            ServerName = null,
            Tls = null,
            Ja4 = null,
        };
        var policy = Everything with { Action = action, Transport = transport };
        Assert.Equal(matches ? PolicyCondition.None : PolicyCondition.Transport, Judge(policy, cleartext));
        Assert.Equal(
            transport is LoginTransport.Cleartext ? PolicyCondition.Transport : PolicyCondition.None,
            Judge(policy, cleartext with { Transport = LoginTransport.StartTls, Tls = TlsVersion.Tls12 }));
        Assert.NotEqual(PolicyCondition.None, Judge(policy with { TlsBelow = TlsVersion.Tls13 }, cleartext));
    }

    /// <summary>What is written for one device must not open the door for everybody whose program is as old.</summary>
    [Theory]
    [InlineData(PolicyAction.Allow, null, false, false)]
    [InlineData(PolicyAction.Warn, null, false, false)]
    [InlineData(PolicyAction.Refuse, null, false, true)]
    [InlineData(PolicyAction.Allow, TlsVersion.Tls13, false, false)]
    [InlineData(PolicyAction.Allow, TlsVersion.Tls12, false, true)]
    [InlineData(PolicyAction.Allow, TlsVersion.Tls11, false, true)]
    [InlineData(PolicyAction.Allow, null, true, true)]
    [InlineData(PolicyAction.Warn, TlsVersion.Tls12, false, true)]
    internal void TLS_before_1_2_is_let_in_by_its_name_alone(PolicyAction action, TlsVersion? below, bool isForWeak, bool matches)
    {
        var old = Bob with { Tls = TlsVersion.Tls10, HasWeakCipher = true };
        var policy = Everything with { Action = action, TlsBelow = below, Cipher = isForWeak ? CipherClass.Weak : null };
        Assert.Equal(matches ? PolicyCondition.None : PolicyCondition.Legacy, Judge(policy, old));
    }

    [Theory]
    [InlineData(null, false, true, PolicyCondition.Legacy)]
    [InlineData(TlsVersion.Tls12, false, true, PolicyCondition.Tls)]
    [InlineData(null, true, true, PolicyCondition.None)]
    [InlineData(null, true, false, PolicyCondition.Cipher)]
    internal void A_weak_cipher_suite_of_TLS_1_2_is_let_in_by_cipher(
        TlsVersion? below, bool isForWeak, bool isWeak, PolicyCondition expected) =>
        Assert.Equal(
            expected,
            Judge(
                Everything with { Action = PolicyAction.Allow, TlsBelow = below, Cipher = isForWeak ? CipherClass.Weak : null },
                Bob with { HasWeakCipher = isWeak }));

    [Fact]
    public void Clients_are_told_apart_by_their_hello()
    {
        Check(Everything with { Ja4 = ["t12d311000_e8f1e7e78f70_1f22a2ca17c4"] }, true, PolicyCondition.Ja4);
        Check(Everything with { Ja4 = ["t13d311000_e8f1e7e78f70_1f22a2ca17c4"] }, false, PolicyCondition.Ja4);
    }

    [Theory]
    [InlineData("Thunderbird/128.0", true)]
    [InlineData("thunderbird/*", true)]
    [InlineData("*bird*", true)]
    [InlineData("Thunderbird", false)]
    [InlineData("*/128", false)]
    public void Programs_are_told_apart_by_what_they_call_themselves(string pattern, bool matches)
    {
        var policy = Everything with { Programs = ["other", pattern] };
        Check(policy, matches, PolicyCondition.Program);
        Assert.Equal(PolicyCondition.Program, Judge(policy, Bob with { Program = null }));
    }

    [Fact]
    public void Below_a_version_is_below_it()
    {
        Check(Everything with { TlsBelow = TlsVersion.Tls13 }, true, PolicyCondition.Tls);
        Assert.Equal(PolicyCondition.Tls, Judge(Everything with { TlsBelow = TlsVersion.Tls13 }, Bob with { Tls = TlsVersion.Tls13 }));
    }

    /// <summary>The first moment is in, the last one is out, so that two policies that follow each other leave no gap.</summary>
    [Theory]
    [InlineData(-1, PolicyCondition.From)]
    [InlineData(0, PolicyCondition.None)]
    [InlineData(9, PolicyCondition.None)]
    [InlineData(10, PolicyCondition.Until)]
    internal void It_applies_from_a_moment_until_another(int minutes, PolicyCondition expected) =>
        Assert.Equal(
            expected,
            Judge(
                Everything with { From = Noon.ToOffset(TimeSpan.FromHours(2)), Until = Noon.AddMinutes(10).ToOffset(TimeSpan.FromHours(-5)) },
                Bob with { Now = Noon.AddMinutes(minutes) }));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    [InlineData(24 * 60, true)]
    public void It_applies_in_its_windows_alone(int minutes, bool matches) =>
        Assert.Equal(
            matches ? PolicyCondition.None : PolicyCondition.During,
            Judge(
                Everything with { During = [new(Noon, TimeSpan.FromHours(1)), new(Noon.AddDays(1), TimeSpan.FromDays(1))] },
                Bob with { Now = Noon.AddMinutes(minutes) }));

    [Fact]
    public void A_share_of_connections_refuses_a_user_now_and_then()
    {
        var tenth = Everything with { Sample = 0.1, SampleOf = SampleOf.Connections };
        var refused = Enumerable.Range(0, 20_000).Count(_ => Judge(tenth, Bob with { Connection = ConnectionId.Next(Noon) }) == PolicyCondition.None);
        Assert.InRange(refused, 1800, 2200);
    }

    [Fact]
    public void Who_is_in_a_share_is_in_every_larger_one() =>
        Gen.Select(Gen.Double[0.0001, 1], Gen.Double[0.0001, 1], Gen.String[Gen.Char.AlphaNumeric, 1, 40]).Sample((one, other, user) =>
        {
            var (small, large) = (Math.Min(one, other), Math.Max(one, other));
            return Judge(Everything with { Sample = small }, Bob with { User = user }) != PolicyCondition.None
                || Judge(Everything with { Sample = large }, Bob with { User = user }) == PolicyCondition.None;
        });

    [Fact]
    public void A_share_is_that_share_of_the_users_and_another_policy_has_others()
    {
        var tenth = Everything with { Sample = 0.1 };
        var users = Enumerable.Range(0, 20_000).Select(static number => Bob with { User = $"user{number}@example.org" }).ToList();
        var first = users.Where(user => Judge(tenth, user) == PolicyCondition.None).ToList();
        var second = users.Where(user => Judge(tenth with { Name = "q" }, user) == PolicyCondition.None).ToList();
        Assert.InRange(first.Count, 1800, 2200);
        Assert.InRange(first.Intersect(second).Count(), 100, 300);
        Assert.All(users, user => Assert.Equal(PolicyCondition.None, Judge(tenth with { Sample = 1 }, user)));
    }

    /// <summary>It is the same on every replica and after every restart, so its values are part of what users see.</summary>
    [Fact]
    public void The_place_of_a_user_never_changes()
    {
        Assert.Equal(0.07403182503997241, Policy.PlaceOf("starttls-ends", "bob@example.org"), 0.0000001);
        Assert.Equal(0.8114015423477522, Policy.PlaceOf("starttls-ends", "ann@example.org"), 0.0000001);
    }

    /// <summary>A list decides as one that is written down without any thought of speed.</summary>
    [Fact]
    public void A_list_decides_as_a_plain_one_does()
    {
        string[] keys = ["bob@example.org", "@example.org", "ann@example.net", "*"];
        string[] names = ["bob@example.org", "ann@example.net", "eve@example.org", "carl"];
        var policies = Gen.Select(Gen.Int[-1, 3], Gen.Int[-1, 1], Gen.Int[-1, 1], Gen.Int[-2, 2]).Array[0, 5];
        Gen.Select(policies, Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[-1, 1]).Sample((list, user, tls, hour) =>
        {
            var subject = Bob with { User = names[user], Tls = tls == 0 ? TlsVersion.Tls12 : TlsVersion.Tls13, Now = Noon.AddHours(hour) };
            var compiled = list.Select(one => new Policy(
                Everything with
                {
                    Users = one.Item1 < 0 ? null : new([keys[one.Item1]], []),
                    TlsBelow = one.Item2 > 0 ? TlsVersion.Tls13 : null,
                    Transport = one.Item3 < 0 ? null : (LoginTransport)one.Item3,
                    From = one.Item4 < 0 ? Noon.AddHours(one.Item4 + 1) : null,
                    Until = one.Item4 > 0 ? Noon.AddHours(one.Item4 - 1) : null,
                },
                static _ => NetworkSet.Empty, static _ => UserSet.Nobody));
            var found = compiled.ToList().FindIndex(policy => policy.Judge(subject) == PolicyCondition.None);
            var expected = Array.FindIndex(list, one =>
                (one.Item1 < 0 || keys[one.Item1] == "*" || names[user] == keys[one.Item1]
                    || (keys[one.Item1][0] == '@' && names[user].EndsWith(keys[one.Item1], StringComparison.Ordinal)))
                && (one.Item2 <= 0 || tls == 0)
                && one.Item3 != (int)LoginTransport.Implicit
                && (one.Item4 >= 0 || hour >= one.Item4 + 1)
                && (one.Item4 <= 0 || hour < one.Item4 - 1));
            return found == expected;
        });
    }

    private static void Check(PolicySettings policy, bool matches, PolicyCondition otherwise) =>
        Assert.Equal(matches ? PolicyCondition.None : otherwise, Judge(policy, Bob));

    private static PolicyCondition Judge(PolicySettings policy, in PolicySubject subject) =>
        new Policy(policy, static _ => NetworkSet.Empty, static _ => UserSet.Nobody).Judge(subject);

    private static ListenerSettings Listener(string name, MailProtocol protocol, ListenerSecurity security) => new()
    {
        Name = name,
        Address = new IPEndPoint(IPAddress.Loopback, 0),
        Protocol = protocol,
        Security = security,
        Backend = "b",
        Tls = new TlsSettings(),
        Rules = new SessionRules(),
    };
}
