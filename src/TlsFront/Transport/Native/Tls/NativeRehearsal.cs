using System.Buffers;
using TlsFront.Tls;
using TlsFront.Tls.Hello;
using TlsFront.Transport.Native.Interop;

namespace TlsFront.Transport.Native.Tls;

/// <summary>Answers hellos from the same contexts as <see cref="NativeHandshake"/>, without a connection and its loop.</summary>
internal sealed class NativeRehearsal : IHandshakeRehearsal
{
    /// <summary>More than any flight: OpenSSL takes chains of 100 KB, and those of files are shorter.</summary>
    private const int OutputBytes = 256 * 1024;

    private readonly NativeObjects _objects = new();
    private readonly TicketKeys _tickets;
    private readonly TlsContextCache _contexts;

    public NativeRehearsal(TimeProvider time)
    {
        _tickets = new TicketKeys(shared: null, time);
        _contexts = new TlsContextCache(_tickets, _objects);
    }

    /// <summary>Native objects alive.</summary>
    public NativeObjects Objects => _objects;

    /// <inheritdoc/>
    public ValueTask<HelloAnswer> AnswerAsync(ReadOnlyMemory<byte> records, TlsPolicy policy, CancellationToken stop)
    {
        if (new ClientHelloReader().Read(new(records), out var hello, out var refusal) == OperationStatus.InvalidData)
        {
            return new(Refuse(refusal!));
        }

        var selection = policy.Select(hello!);
        return new(selection.IsRefused ? Refuse(selection.Refusal) : Answer(records.Span, hello!, selection, policy));
    }

    public void Dispose()
    {
        _contexts.Dispose();
        _tickets.Dispose();
    }

    private static HelloAnswer Refuse(TlsRefusal refusal) => new(
        refusal.Alert is { } alert ? TlsRefusal.Record(alert) : [], refusal.Outcome);

    private HelloAnswer Answer(ReadOnlySpan<byte> records, ClientHello hello, TlsSelection selection, TlsPolicy policy)
    {
        var input = GC.AllocateUninitializedArray<byte>(records.Length, pinned: true);
        records.CopyTo(input);
        using var bio = new ScratchBio(input, GC.AllocateUninitializedArray<byte>(OutputBytes, pinned: true), _objects);
        bio.SetInput(input.Length);
        var context = _contexts.Get(selection, policy.Certificates);
        using var tls = new NativeTls(context.Handle, bio, _objects);
        tls.Accept(context.ScopeOf(hello.ServerName));
        _ = tls.TryHandshake(out var error);
        return new(bio.Output.ToArray(), error == 0 ? null : TlsFailure.Describe(error));
    }
}
