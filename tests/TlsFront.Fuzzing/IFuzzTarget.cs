namespace TlsFront.Fuzzing;

/// <summary>One piece of the gateway that reads what strangers write, and all that must hold whatever they write.</summary>
internal interface IFuzzTarget
{
    /// <summary>Name on the command line and of the corpus folder.</summary>
    string Name { get; }

    /// <summary>Longest input tried, in bytes.</summary>
    int MaximumLength { get; }

    /// <summary>Most bytes one run may allocate, the oracle's own included.</summary>
    long MaximumAllocation { get; }

    /// <summary>Inputs to begin with, beside the corpus.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>What the format is made of, for mutations that random bytes hardly reach.</summary>
    IReadOnlyList<byte[]> Words { get; }

    /// <summary>Octets of which an input may begin with one, to choose what is played; mutations change it often.</summary>
    string Heads => "";

    /// <summary>Feeds the input to the code; throws when an invariant is broken.</summary>
    void Run(byte[] input);
}
