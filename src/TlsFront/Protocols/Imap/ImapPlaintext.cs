using System.Text;
using System.Text.Unicode;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Protocols.Imap;

/// <summary>IMAP before STARTTLS (RFC 9051 section 6.2.1).</summary>
internal sealed class ImapPlaintext : PlaintextDialogue
{
    private readonly byte[] _tag = new byte[ImapSyntax.MaxTag];
    private int _tagLength;
    private bool _isLogin;

    /// <inheritdoc/>
    public override void Greet(ref Emitter to)
    {
        Span<byte> line = stackalloc byte[512];
        Utf8.TryWrite(line, $"* OK [CAPABILITY {Capabilities}] {to.Facts.HostName} ready\r\n", out var length);
        to.ToClient(line[..length]);
    }

    /// <inheritdoc/>
    public override void Agree(ref Emitter to) => Answer(" OK Begin TLS\r\n"u8, ref to);

    /// <inheritdoc/>
    public override void SayGoodbye(CloseReason reason, ref Emitter to) => to.ToClient(ImapProfile.Goodbye(reason));

    // RFC 9051 section 6.2.3: LOGINDISABLED where LOGIN is refused. No mechanism is named then, so no client sends a password with the command.
    private string Capabilities =>
        $"IMAP4rev1 {(OffersTls ? "STARTTLS " : "")}"
        + $"{(Mechanisms is null ? "LOGINDISABLED " : string.Concat(Mechanisms.Select(static name => $"AUTH={name} ")))}ID";

    /// <inheritdoc/>
    protected override PlaintextRequest ReadLine(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (IsRest)
        {
            // Behind a literal that came without a go-ahead: the rest of a command that was refused. In a LOGIN the password.
            var isMore = line.StartsWith(" "u8) && line.Length > 1;
            HasExposedCredentials = _isLogin && isMore && !(StringSyntax.EndsInLiteral(line, out _, out var waits) && waits);
            return Drop(line);
        }

        _isLogin = false;
        if (CommandSyntax.IsHttpRequest(line) || (line.Length > 0 && CommandSyntax.IsForeign(line[0])))
        {
            return PlaintextRequest.Abort;
        }

        var tag = CommandSyntax.SplitWord(line, out var rest);
        var verb = CommandSyntax.SplitWord(rest, out _);
        if (!ImapSyntax.IsTag(tag) || !CommandSyntax.IsVerb(verb))
        {
            HasExposedCredentials = CleartextLogin.IsImap(line, out _) || IsResponse(line);
            to.ToClient("* BAD Expected a tag and a command\r\n"u8);
            return Drop(line);
        }

        tag.CopyTo(_tag);
        _tagLength = tag.Length;
        var hasArguments = verb.Length < rest.Length;
        if (Ascii.EqualsIgnoreCase(verb, "STARTTLS"u8))
        {
            return StartTls(hasArguments, line, ref to);
        }

        switch (ImapSyntax.Classify(verb))
        {
            case ImapCommand.Plain when hasArguments:
                Answer(" BAD No arguments expected\r\n"u8, ref to);
                return Drop(line);
            case ImapCommand.Plain when Ascii.EqualsIgnoreCase(verb, "CAPABILITY"u8):
                to.ToClient("* CAPABILITY "u8);
                to.ToClient(Encoding.ASCII.GetBytes(Capabilities));
                to.ToClient("\r\n"u8);
                return Answer(" OK done\r\n"u8, ref to);
            case ImapCommand.Plain:
                return Answer(" OK done\r\n"u8, ref to);
            case ImapCommand.Id:
                CommandSyntax.SplitWord(rest, out var fields);
                to.Facts.Program = ImapId.IsList(fields, out var isTooLong) && !isTooLong ? ImapId.ProgramOf(fields) : null;
                to.ToClient("* ID NIL\r\n"u8);
                Answer(" OK done\r\n"u8, ref to);
                return Drop(line);
            case ImapCommand.Logout:
                to.ToClient("* BYE Logging out\r\n"u8);
                Answer(" OK done\r\n"u8, ref to);
                return PlaintextRequest.Leave;
            case ImapCommand.Login or ImapCommand.Authenticate when OffersLogin:
                HasExposedCredentials = CleartextLogin.IsImap(line, out var account);
                ExposedUser = account;
                return PlaintextRequest.LogIn;
            case ImapCommand.Login:
                _isLogin = true;
                break;
        }

        HasExposedCredentials = CleartextLogin.IsImap(line, out var user);
        ExposedUser = user;
        AwaitsResponse = Ascii.EqualsIgnoreCase(verb, "AUTHENTICATE"u8) && !HasExposedCredentials;
        Answer(" NO [PRIVACYREQUIRED] TLS is required\r\n"u8, ref to);
        return Drop(line);
    }

    private PlaintextRequest StartTls(bool hasArguments, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (OffersTls && !hasArguments)
        {
            return PlaintextRequest.StartTls;
        }

        Answer(hasArguments ? " BAD STARTTLS takes no arguments\r\n"u8 : " NO [UNAVAILABLE] TLS is not available\r\n"u8, ref to);
        return Drop(line);
    }

    private PlaintextRequest Answer(ReadOnlySpan<byte> words, ref Emitter to)
    {
        to.ToClient(_tag.AsSpan(0, _tagLength));
        to.ToClient(words);
        return PlaintextRequest.Answered;
    }
}
