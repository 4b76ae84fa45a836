using System.Runtime.InteropServices;

namespace TlsFront.Cli;

/// <summary>SIGINT and SIGTERM as a wish to end: the process goes on until its command has ended by itself. Nobody else takes them.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    /// <param name="stop">Another such wish.</param>
    public StopSignals(CancellationToken stop)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    }

    /// <summary>Cancelled once it is time to end.</summary>
    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt.Dispose();
        _end.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _end.Cancel();
    }
}
