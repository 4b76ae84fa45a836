using CsCheck;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpDataPropertyTests
{
    // Mostly line ends and dots, or mostly text long enough for the fast path.
    private static readonly Gen<string> Content = Gen.OneOf(
        Gen.String[Gen.OneOf('\r', '\n', '.', '\0', 'x'), 0, 24],
        Gen.OneOf(
            Gen.OneOf("\r\n", "\r\n", "\r\n.", "\r\n..", "\n", "\r", "\0", "."),
            Gen.String[Gen.Char['a', 'f'], 0, 60]).List[0, 30].Select(parts => string.Concat(parts)));

    private static readonly Gen<(string Sent, int[] Cuts)> Messages = Gen.Select(
        Content.Select(content => content + "\r\n.\r\n").Select(sent => sent[..ReferenceData.EndOf(sent)]),
        Gen.Int[1, 40].Array[0, 12]);

    [Fact]
    public void A_backend_receives_the_header_and_the_normalized_message_however_it_was_cut() => Messages.Sample(
        message =>
        {
            var harness = SmtpSession.InData();
            SendInPieces(harness, message.Sent, message.Cuts);
            Assert.Equal(SmtpSession.Header() + ReferenceData.Normalize(message.Sent), harness.ToBackend);
            SmtpSmugglingTests.AssertOneEnd(harness.ToBackend);
        },
        iter: 20_000);

    [Fact]
    public void Rejecting_refuses_exactly_the_messages_with_a_bare_newline() => Messages.Sample(
        message =>
        {
            var harness = SmtpSession.InData(new SessionRules(BareNewlines: BareNewlines.Reject));
            SendInPieces(harness, message.Sent, message.Cuts);
            if (ReferenceData.HasBareNewline(message.Sent))
            {
                Assert.StartsWith("550 5.6.0", harness.ToClient);
                Assert.False(harness.ToBackend.EndsWith("\r\n.\r\n", StringComparison.Ordinal));
            }
            else
            {
                Assert.Equal(SmtpSession.Header() + message.Sent, harness.ToBackend);
            }
        },
        iter: 10_000);

    private static void SendInPieces(MachineHarness harness, string bytes, int[] cuts)
    {
        foreach (var cut in cuts)
        {
            var length = Math.Min(cut, bytes.Length);
            harness.Client(bytes[..length]);
            bytes = bytes[length..];
        }

        harness.Client(bytes);
    }
}
