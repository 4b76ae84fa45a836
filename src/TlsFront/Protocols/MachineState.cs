using TlsFront.Handover;
using TlsFront.Protocols.Tcp;

namespace TlsFront.Protocols;

/// <summary>What a machine knows of its session, on its way to a machine of another process.</summary>
internal static class MachineState
{
    private static readonly MachineFactory Transparent = static (_, _) => new RelayMachine();

    /// <summary>Writes it.</summary>
    /// <param name="state">Where to.</param>
    /// <param name="machine">The machine; null if the session is transparent and nothing of it is needed any more.</param>
    public static void Write(StateWriter state, MailMachine? machine)
    {
        state.Write(machine is null);
        machine?.Export(state);
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="HandoverException">It makes no sense here.</exception>
    public static MachineFactory Read(ref StateReader state, ProtocolProfile profile) =>
        state.ReadBoolean() ? Transparent : profile.ReadMachine(ref state);
}
