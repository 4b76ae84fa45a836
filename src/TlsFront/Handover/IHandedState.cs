namespace TlsFront.Handover;

/// <summary>What a process remembers apart from its sessions, for the next one to continue with.</summary>
internal interface IHandedState
{
    /// <summary>Names it and its layout: another layout gets another name, and a process ignores the names that it does not know.</summary>
    string Name { get; }

    /// <summary>Writes it.</summary>
    void Export(StateWriter state);

    /// <summary>Continues with what <see cref="Export"/> wrote in the process before. Before this one serves anybody.</summary>
    /// <exception cref="HandoverException">It makes no sense.</exception>
    void Import(ref StateReader state);
}
