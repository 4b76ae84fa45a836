using System.Text;
using TlsFront.Handover;

namespace TlsFront.Protocols.Smtp;

/// <summary>All that is left, between two transactions, of an SMTP session that has logged in: what another process needs to continue it.</summary>
/// <param name="Hello">Name of the last EHLO or HELO the backend accepted, and whether it was EHLO.</param>
/// <param name="Extensions">What that answer offered.</param>
/// <param name="Messages">Messages begun on this connection; the next one's id follows.</param>
/// <param name="Fruitless">Commands in a row that led nowhere.</param>
/// <param name="HasRecipients">Whether the backend accepted a recipient, even of the message before: some take DATA without another MAIL.</param>
internal sealed record SmtpCheckpoint(
    (string Name, bool IsExtended) Hello, SmtpExtensions Extensions, int Messages, int Fruitless, bool HasRecipients)
{
    /// <summary>Writes it.</summary>
    public void Write(StateWriter state)
    {
        state.Write(Encoding.ASCII.GetBytes(Hello.Name));
        state.Write(Hello.IsExtended);
        state.Write(Extensions.HasLogin);
        state.Write(Extensions.HasChunking);
        state.Write(Extensions.HasPipelining);
        state.Write((ulong)Extensions.MaxSize);
        state.Write(Messages);
        state.Write(Fruitless);
        state.Write(HasRecipients);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="HandoverException">It makes no sense.</exception>
    public static SmtpCheckpoint Read(ref StateReader state)
    {
        // It goes into a header: as strict as when the client said it.
        var name = HelloName.Read(state.ReadBytes());
        var isExtended = state.ReadBoolean();
        var extensions = new SmtpExtensions(
            state.ReadBoolean(), state.ReadBoolean(), state.ReadBoolean(), (long)Math.Min(state.ReadUInt64(), long.MaxValue));
        return new((name, isExtended), extensions, state.ReadCount(), state.ReadCount(), state.ReadBoolean());
    }
}
