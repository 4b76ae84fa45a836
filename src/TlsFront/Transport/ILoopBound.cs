namespace TlsFront.Transport;

/// <summary>A connection that lives in an event loop, where its pipeline begins: who accepted it may be another one.</summary>
internal interface ILoopBound
{
    /// <summary>Goes on in the loop; at once if the caller is there.</summary>
    ValueTask EnterLoopAsync();
}
