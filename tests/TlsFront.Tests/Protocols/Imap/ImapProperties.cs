using System.Text;
using CsCheck;

namespace TlsFront.Tests.Protocols.Imap;

public class ImapProperties
{
    private static readonly Gen<string> Names = Gen.Char[' ', '~'].Array[1, 40].Select(characters => new string(characters));

    private static readonly Gen<string> Capability = Gen.OneOf(
        "IMAP4rev1", "idle", "STARTTLS", "LOGINDISABLED", "AUTH=PLAIN", "AUTH=SCRAM-SHA-1-PLUS", "auth=gssapi", "X-UNKNOWN", "QRESYNC",
        "UNAUTHENTICATE",
        "COMPRESS=DEFLATE", "LOGIN-REFERRALS", "MAILBOX-REFERRALS", "SORT=DISPLAY", "NOSUCH=THING", "LITERAL+");

    private static readonly string[] Harmful =
    [
        "STARTTLS", "LOGINDISABLED", "UNAUTHENTICATE", "LOGIN-REFERRALS", "MAILBOX-REFERRALS", "AUTH=SCRAM-SHA-1-PLUS"
    ];

    private static readonly string[] Unknown = ["X-UNKNOWN", "NOSUCH=THING"];

    [Fact]
    public void A_user_is_reported_the_same_in_every_form_of_LOGIN() => Names.Sample(
        name =>
        {
            var quoted = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            Assert.Equal([$"login {name}"], Login($"a LOGIN \"{quoted}\" pw\r\n", goAheads: 0));
            Assert.Equal([$"login {name}"], Login($"a LOGIN {{{name.Length}+}}\r\n{name} {{2+}}\r\npw\r\n", goAheads: 2));
            Assert.Equal([$"login {name}"], Login($"a LOGIN {{{name.Length}}}\r\n{name} pw\r\n", goAheads: 1));
            Assert.Equal(
                [$"login {name}"],
                Login($"a AUTHENTICATE PLAIN {Convert.ToBase64String(Encoding.ASCII.GetBytes($"\0{name}\0pw"))}\r\n", goAheads: 0));
        },
        iter: 500);

    [Fact]
    public void Capability_lists_are_filtered_name_by_name() => Gen.Select(Capability.Array[0, 60], Gen.Bool).Sample(
        (names, loggedIn) =>
        {
            var session = ImapMachineTests.Greeted();
            session.Client("a LOGIN u p\r\n");
            session.Backend($"a {(loggedIn ? "OK" : "NO")} [CAPABILITY{string.Concat(names.Select(name => " " + name))}] text\r\n");
            var kept = names.Where(name => !Harmful.Contains(name.ToUpperInvariant()) && (loggedIn || !Unknown.Contains(name)));
            Assert.Equal($"a {(loggedIn ? "OK" : "NO")} [CAPABILITY{string.Concat(kept.Select(name => " " + name))}] text\r\n", session.ToClient);
        },
        iter: 1000);

    [Fact]
    public void An_ID_loses_its_proxy_fields_and_nothing_else() =>
        Gen.Select(Gen.OneOf("name", "os", "x-a", "X-Session-ID", "ax-b", "vendor"), Names).Array[0, 20].Sample(
            fields =>
            {
                var session = ImapMachineTests.Greeted();
                session.Client($"a ID ({Join(fields)})\r\n");
                var kept = fields.Where(field => !field.Item1.StartsWith("x-", StringComparison.OrdinalIgnoreCase));
                Assert.Equal($"a ID ({Join([.. kept, ("proxy", "TlsFront")])})\r\n", session.ToBackend);
            },
            iter: 1000);

    private static string Join((string Key, string Value)[] fields) => string.Join(
        ' ',
        fields.Select(field =>
            $"\"{field.Key}\" \""
            + $"{field.Value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""));

    private static List<string> Login(string command, int goAheads)
    {
        var session = ImapMachineTests.Greeted();
        session.Client(command);
        for (var i = 0; i < goAheads; i++)
        {
            session.Backend("+ OK\r\n");
        }

        session.Backend("a OK in\r\n");
        return session.Reports;
    }
}
