using TlsFront.Handover;
using TlsFront.Transport.Native;
using TlsFront.Transport.Native.Interop;
using TlsFront.Transport.Native.Records;

namespace TlsFront.Fuzzing.Targets;

/// <summary>
/// The state of a session's records as another process wrote it, of another version of the gateway perhaps: either it makes no sense, which is one
/// kind of exception and leaves nothing behind, or records go on with it and would hand over the same.
/// </summary>
internal sealed class ImportTarget : IFuzzTarget, IDisposable
{
    private const int Tls13 = 0x304;

    /// <summary>Version, side and suite.</summary>
    private const int HeadLength = 9;

    private readonly NativeObjects _objects = new();
    private readonly LoopScratch _scratch = new(64 * 1024, new NativeObjects());

    /// <inheritdoc/>
    public string Name => "import";

    /// <inheritdoc/>
    public int MaximumLength => 1024;

    /// <inheritdoc/>
    public long MaximumAllocation => 1 << 20;

    /// <inheritdoc/>
    public IEnumerable<byte[]> Seeds { get; } =
    [
        .. from version in new[] { Tls13, 0x303 }
           from suite in new ushort[] { 0x1301, 0x1302, 0x1303 }
           from isServer in new[] { true, false }
           from undelivered in new[] { 0, 20 }
           select State(version, AeadSuite.Find(suite)!, isServer, new byte[undelivered]),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> Words { get; } =
    [
        [3, 3, 0, 0], [4, 3, 0, 0], [2, 3, 0, 0], [1, 0x13, 0, 0], [2, 0x13, 0, 0], [3, 0x13, 0, 0], [0x2B, 0xC0, 0, 0], [1, 0x13, 1, 0],
        [0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 128], [32, 0, 0, 0], [48, 0, 0, 0], [16, 0, 0, 0], [12, 0, 0, 0],
    ];

    /// <inheritdoc/>
    public void Run(byte[] input)
    {
        var state = new StateReader(input);
        RecordLayer? records = null;
        try
        {
            records = RecordImport.Import(ref state, _scratch.Bio, _scratch.Aead, _objects);
            var written = Export(records);
            Assert.Equal(Convert.ToHexString(input.AsSpan(0, HeadLength)), Convert.ToHexString(written.AsSpan(0, HeadLength)));
            var again = new StateReader(written);
            using var other = RecordImport.Import(ref again, _scratch.Bio, _scratch.Aead, _objects);
            Assert.True(again.IsAtEnd);
            Assert.Equal(Convert.ToHexString(written), Convert.ToHexString(Export(other)));
            GoOn(records);
        }
        catch (HandoverException)
        {
            Assert.Null(records);
        }
        finally
        {
            records?.Dispose();
            _scratch.Bio.ClearOutput();
        }

        Assert.All(_objects.ByKind(), static counted => Assert.Equal(0, counted.Count));
        Assert.Equal(0, _objects.HeldBytes);
    }

    public void Dispose() => _scratch.Dispose();

    private static byte[] Export(RecordLayer records)
    {
        using var written = new StateWriter();
        Assert.True(records.TryExport(written));
        return written.Written.ToArray();
    }

    private static byte[] State(int version, AeadSuite suite, bool isServer, byte[] undelivered)
    {
        using var state = new StateWriter();
        state.Write(version);
        state.Write(isServer);
        state.Write((int)suite.Number);
        for (var direction = 0; direction < 2; direction++)
        {
            if (version == Tls13)
            {
                state.Write(new byte[suite.SecretLength]);
            }
            else
            {
                state.Write(new byte[suite.KeyLength]);
                state.Write(new byte[suite.FixedNonceLength]);
                state.Write(1ul);
            }

            state.Write(1ul);
        }

        state.Write(0);
        state.Write(undelivered);
        state.Write(0);
        state.Write(false);
        return state.Written.ToArray();
    }

    /// <summary>What nobody took yet can be taken, in pieces; then something is said, and the end.</summary>
    private void GoOn(RecordLayer records)
    {
        do
        {
            Assert.InRange(records.Read(_scratch.FromClient, 0, 7), 0, 7);
        }
        while (records.HoldsPlaintext);

        Assert.True(records.Write("x"u8));
        records.Shutdown();
        Assert.False(records.Failed);
    }
}
