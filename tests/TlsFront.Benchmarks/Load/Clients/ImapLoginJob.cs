namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>A session as programs have it that look for new mail every few minutes: connect, log in, leave.</summary>
/// <param name="target">The proxy.</param>
/// <param name="startTls">Whether TLS begins with STARTTLS.</param>
internal sealed class ImapLoginJob(Target target, bool startTls) : LoadJob
{
    /// <inheritdoc/>
    public override long Once()
    {
        using var wire = startTls ? target.ConnectStartTls(Open) : target.Connect();
        var reader = new WireReader(wire);
        if (!startTls)
        {
            reader.Expect("* OK"u8);
        }

        Ask(wire, reader, "b LOGIN alice secret\r\n"u8, "b OK"u8);
        Ask(wire, reader, "c LOGOUT\r\n"u8, "* BYE"u8);
        reader.Expect("c OK"u8);
        return 1;
    }

    private static void Open(Wire wire)
    {
        var reader = new WireReader(wire);
        reader.Expect("* OK"u8);
        Ask(wire, reader, "a STARTTLS\r\n"u8, "a OK"u8);
    }

    private static void Ask(Wire wire, WireReader reader, ReadOnlySpan<byte> command, ReadOnlySpan<byte> answer)
    {
        wire.Write(command);
        reader.Expect(answer);
    }
}
