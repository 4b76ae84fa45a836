using System.Buffers.Text;

namespace TlsFront.Benchmarks.Load.Clients;

/// <summary>A session that has logged in and asks the same again and again.</summary>
internal sealed class ImapJob : LoadJob
{
    private readonly Wire _wire;
    private readonly WireReader _reader;
    private readonly bool _fetch;

    /// <param name="target">The proxy.</param>
    /// <param name="fetch">Whether to fetch a message of 1 MB, or to say NOOP.</param>
    public ImapJob(Target target, bool fetch)
    {
        _fetch = fetch;
        _wire = target.Connect();
        _reader = new WireReader(_wire);
        try
        {
            _reader.Expect("* OK"u8);
            _wire.Write("a LOGIN alice secret\r\n"u8);
            ReadToEndOf("a OK"u8);
        }
        catch (LoadException)
        {
            _wire.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override long Once()
    {
        _wire.Write(_fetch ? "b FETCH 1 BODY.PEEK[]\r\n"u8 : "b NOOP\r\n"u8);
        ReadToEndOf("b OK"u8);
        return 1;
    }

    public override void Dispose()
    {
        _wire.Dispose();
        base.Dispose();
    }

    private void ReadToEndOf(ReadOnlySpan<byte> answer)
    {
        while (true)
        {
            var line = _reader.ReadLine();
            if (line.StartsWith(answer))
            {
                return;
            }

            if (!line.StartsWith("* "u8) && !line.StartsWith(")"u8))
            {
                throw new LoadException("unexpected answer");
            }

            if (line.EndsWith("}"u8)
                && line.LastIndexOf((byte)'{') is >= 0 and var brace
                && Utf8Parser.TryParse(line[(brace + 1)..], out int length, out _))
            {
                _reader.Skip(length);
            }
        }
    }
}
