using System.Text;
using System.Text.Unicode;
using TlsFront.Connections;
using TlsFront.Protocols.Access;
using TlsFront.Protocols.StartTls;

namespace TlsFront.Protocols.Sieve;

/// <summary>ManageSieve before STARTTLS (RFC 5804 section 2.2). Behind TLS the backend's own list follows, as clients wait for it.</summary>
internal sealed class SievePlaintext : PlaintextDialogue
{
    /// <inheritdoc/>
    public override void Greet(ref Emitter to)
    {
        Span<byte> line = stackalloc byte[512];
        Utf8.TryWrite(line, $"OK \"{to.Facts.HostName} ready\"\r\n", out var length);
        ListCapabilities(ref to);
        to.ToClient(line[..length]);
    }

    /// <inheritdoc/>
    public override void Agree(ref Emitter to) => to.ToClient("OK \"Begin TLS\"\r\n"u8);

    /// <inheritdoc/>
    public override void SayGoodbye(CloseReason reason, ref Emitter to) => to.ToClient(SieveProfile.Goodbye(reason));

    /// <inheritdoc/>
    protected override PlaintextRequest ReadLine(ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (IsRest)
        {
            // Behind a literal: the rest of a command that was refused.
            return Drop(line);
        }

        if (CommandSyntax.IsHttpRequest(line) || (line.Length > 0 && CommandSyntax.IsForeign(line[0])))
        {
            return PlaintextRequest.Abort;
        }

        var verb = CommandSyntax.SplitWord(line, out var arguments);
        if (Ascii.EqualsIgnoreCase(verb, "STARTTLS"u8))
        {
            return StartTls(verb.Length < line.Length, line, ref to);
        }

        switch (SieveSyntax.Classify(verb))
        {
            case SieveCommand.Capability:
                ListCapabilities(ref to);
                to.ToClient("OK\r\n"u8);
                break;
            case SieveCommand.Noop:
                AnswerNoop(arguments, ref to);
                break;
            case SieveCommand.Logout:
                to.ToClient("OK \"Logging out\"\r\n"u8);
                return PlaintextRequest.Leave;
            case SieveCommand.Authenticate when OffersLogin:
                HasExposedCredentials = CleartextLogin.IsSieve(line, out var account);
                ExposedUser = account;
                return PlaintextRequest.LogIn;
            case var command:
                HasExposedCredentials = CleartextLogin.IsSieve(line, out var user) || IsResponse(line.Trim((byte)'"'));
                ExposedUser = user;
                AwaitsResponse |= command == SieveCommand.Authenticate && !HasExposedCredentials;
                to.ToClient("NO (ENCRYPT-NEEDED) \"TLS is required\"\r\n"u8);
                break;
        }

        return Drop(line);
    }

    // RFC 5804 section 1.7: an empty list of mechanisms is that of a server that lets nobody in without TLS. No script can be known to be valid
    // before the backend's list, so that of extensions is empty, too.
    private void ListCapabilities(ref Emitter to)
    {
        to.ToClient("\"IMPLEMENTATION\" \"TlsFront\"\r\n\"SIEVE\" \"\"\r\n"u8);
        to.ToClient(Encoding.ASCII.GetBytes($"\"SASL\" \"{string.Join(' ', Mechanisms ?? [])}\"\r\n"));
        to.ToClient(OffersTls ? "\"STARTTLS\"\r\n"u8 : default);
        to.ToClient("\"VERSION\" \"1.0\"\r\n"u8);
    }

    // RFC 5804 section 2.13: the tag comes back. One in a literal is not read here.
    private static void AnswerNoop(ReadOnlySpan<byte> arguments, ref Emitter to)
    {
        if (SieveSyntax.TryTakeString(arguments, out var tag, out var rest) && rest.IsEmpty && SieveSyntax.IsPlain(tag))
        {
            to.ToClient("OK (TAG \""u8);
            to.ToClient(tag);
            to.ToClient("\") \"Done\"\r\n"u8);
        }
        else
        {
            to.ToClient("OK\r\n"u8);
        }
    }

    private PlaintextRequest StartTls(bool hasArguments, ReadOnlySpan<byte> line, ref Emitter to)
    {
        if (OffersTls && !hasArguments)
        {
            return PlaintextRequest.StartTls;
        }

        to.ToClient(hasArguments ? "NO \"STARTTLS takes no arguments\"\r\n"u8 : "NO (TRYLATER) \"TLS is not available\"\r\n"u8);
        return Drop(line);
    }
}
