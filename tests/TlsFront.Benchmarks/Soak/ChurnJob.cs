using TlsFront.Benchmarks.Load;
using TlsFront.Benchmarks.Load.Clients;
using TlsFront.Benchmarks.Load.Servers;
using TlsFront.Benchmarks.Load.Tls;

namespace TlsFront.Benchmarks.Soak;

/// <summary>Connections that come and go in every way there is, one after the other.</summary>
/// <param name="transfers">Leads to the <see cref="TransferSink"/>.</param>
/// <param name="imap">Leads to the <see cref="ImapStore"/>.</param>
/// <param name="hello">A whole ClientHello.</param>
/// <param name="pace">When the next one may begin.</param>
internal sealed class ChurnJob(Target transfers, Target imap, byte[] hello, Pace pace) : LoadJob
{
    /// <summary>Silent connections kept open: longer than the gateway waits for a hello.</summary>
    private const int Silent = 10;

    private readonly Queue<Wire> _silent = new();
    private TlsSession? _session;
    private int _turn = Random.Shared.Next(10);

    /// <inheritdoc/>
    public override long Once()
    {
        pace.Wait();
        switch (_turn++ % 10)
        {
            case 0:
                Exchange(null);
                break;
            case 1:
                Exchange(_session);
                break;
            case 2:
                CutHello(reset: false);
                break;
            case 3:
                CutHello(reset: true);
                break;
            case 4:
                LeaveBehindHello();
                break;
            case 5:
                SpeakPlainly();
                break;
            case 6:
                HalfClose();
                break;
            case 7:
                ResetInTheMiddle(transfers);
                break;
            case 8:
                BeReset();
                break;
            default:
                SayNothing();
                ResetInTheMiddle(imap);
                break;
        }

        return 1;
    }

    public override void Dispose()
    {
        _session?.Dispose();
        while (_silent.TryDequeue(out var wire))
        {
            wire.Dispose();
        }

        base.Dispose();
    }

    private void Exchange(TlsSession? session)
    {
        using var wire = transfers.ConnectTls(session);
        TransferSink.Request(wire, (byte)'d', 100);
        new WireReader(wire).Skip(132);
        var renewed = wire.TakeSession(session);
        _session?.Dispose();
        _session = renewed;
    }

    private void CutHello(bool reset)
    {
        using var wire = new PlainWire(transfers.Port);
        wire.Write(hello.AsSpan(0, Random.Shared.Next(hello.Length)));
        if (reset)
        {
            wire.Reset();
        }
    }

    /// <summary>Gone while the gateway's flight is under way.</summary>
    private void LeaveBehindHello()
    {
        using var wire = new PlainWire(transfers.Port);
        wire.Write(hello);
        if (Random.Shared.Next(2) == 0)
        {
            _ = wire.Read(new byte[1]);
        }

        wire.Reset();
    }

    private void SpeakPlainly()
    {
        using var wire = new PlainWire(imap.Port);
        wire.Write("a LOGIN alice secret\r\n"u8);
        Forgive(() => new WireReader(wire).SkipToEnd());
    }

    private void HalfClose()
    {
        const int Length = 50_000;
        using var wire = transfers.ConnectTls();
        TransferSink.Request(wire, (byte)'l', Length);
        wire.EndOutput();
        if (new WireReader(wire).SkipToEnd() != Length)
        {
            throw new LoadException("a client that ended its half did not get the whole answer");
        }
    }

    private static void ResetInTheMiddle(Target target)
    {
        using var wire = target.ConnectTls();
        TransferSink.Request(wire, (byte)'u', 1_000_000);
        wire.Reset();
    }

    private void BeReset()
    {
        using var wire = transfers.ConnectTls();
        TransferSink.Request(wire, (byte)'r', 0);
        new WireReader(wire).SkipToEnd();
    }

    private void SayNothing()
    {
        _silent.Enqueue(new PlainWire(transfers.Port));
        if (_silent.Count > Silent)
        {
            _silent.Dequeue().Dispose();
        }
    }

    private static void Forgive(Action action)
    {
        try
        {
            action();
        }
        catch (LoadException)
        {
            // The gateway may reset who breaks its rules.
        }
    }
}
