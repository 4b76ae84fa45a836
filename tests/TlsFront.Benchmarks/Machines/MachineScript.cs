namespace TlsFront.Benchmarks.Machines;

/// <summary>One piece of work for a machine, repeatable without end.</summary>
public abstract class MachineScript(string name)
{
    /// <summary>Bytes of both peers in one run.</summary>
    public abstract int Bytes { get; }

    /// <summary>Does it once.</summary>
    public abstract void Run();

    /// <inheritdoc/>
    public override string ToString() => name;
}
