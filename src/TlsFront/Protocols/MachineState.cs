using TlsFront.Handover;
using TlsFront.Protocols.Tcp;

namespace TlsFront.Protocols;

/// <summary>What a machine knows of its session, on its way to a machine of another process.</summary>
internal static class MachineState
{
    private static readonly MachineFactory Transparent = static (_, _) => new RelayMachine();

    /// <summary>Writes it; false if the session cannot go on elsewhere, or not from where it stands.</summary>
    /// <param name="state">Where to.</param>
    /// <param name="machine">The machine; null if the session is transparent and nothing of it is needed any more.</param>
    public static bool TryWrite(StateWriter state, MailMachine? machine)
    {
        state.Write(machine is null);
        return machine?.TryExport(state) != false;
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public static MachineFactory Read(ref StateReader state, ProtocolProfile profile) =>
        state.ReadBoolean() ? Transparent : profile.ReadMachine(ref state);
}
