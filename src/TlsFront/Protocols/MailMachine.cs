using TlsFront.Handover;

namespace TlsFront.Protocols;

/// <summary>
/// The rules of one mail session as a pure state machine: bytes and signals in, decisions out. It does no I/O, knows no clock,
/// and keeps no span after it returns. One caller at a time.
/// <para>The engine keeps every byte that was not consumed, calls only while both outbound sides have room, and bounds what it keeps:
/// a machine that asks for more with <see cref="MaxCarry"/> bytes on offer is ended with <c>LineTooLong</c>. One call may emit at most
/// the size of its input plus <see cref="EmitBuffer.InsertCapacity"/> bytes, and <see cref="EmitBuffer.KeptCapacity"/> of its own keeping.</para>
/// </summary>
internal abstract class MailMachine
{
    /// <summary>Most bytes of one side an engine keeps for a machine, in bytes; above any command of any protocol.</summary>
    public const int MaxCarry = 32 * 1024;

    /// <summary>Offers all unconsumed bytes of the client.</summary>
    public abstract Step FromClient(ReadOnlySpan<byte> input, ref Emitter to);

    /// <summary>Offers all unconsumed bytes of the backend.</summary>
    public abstract Step FromBackend(ReadOnlySpan<byte> input, ref Emitter to);

    /// <summary>Tells of an outside event.</summary>
    public abstract Step On(Signal signal, ref Emitter to);

    /// <summary>Which deadline applies now.</summary>
    public abstract Phase Phase { get; }

    /// <summary>Whether another process could continue the session from here, by <see cref="Export"/>. A hint to other threads.</summary>
    public virtual bool IsMovable => false;

    /// <summary>Writes what <see cref="ProtocolProfile.ReadMachine"/> needs to continue the session. Only while <see cref="IsMovable"/>.</summary>
    public virtual void Export(StateWriter state) => throw new InvalidOperationException("The session cannot be continued elsewhere.");

    /// <summary>Gives back what the machine keeps: the session is over, however it ended.</summary>
    public virtual void Release()
    {
    }
}
