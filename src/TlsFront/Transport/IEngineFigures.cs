namespace TlsFront.Transport;

/// <summary>What an engine tells of its inside, asked for when metrics are collected. Any thread.</summary>
internal interface IEngineFigures
{
    /// <summary>Turns of each event loop, by its number, that took longer than 50 ms.</summary>
    IReadOnlyList<long> LoopStalls { get; }

    /// <summary>Live objects outside the garbage collector's reach, by kind.</summary>
    IReadOnlyList<(string Kind, long Count)> NativeObjects { get; }

    /// <summary>Completes when every event loop got to work handed to it now; never, if one is stuck.</summary>
    Task TurnAsync();
}
