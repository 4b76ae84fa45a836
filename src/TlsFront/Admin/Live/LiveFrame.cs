using System.Collections.Immutable;

namespace TlsFront.Admin.Live;

/// <summary>The gateway at one moment, for all who watch with the same rights.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Parts">All documents, those that did not change as they were.</param>
/// <param name="Next">Completes when there is a newer frame.</param>
internal sealed record LiveFrame(long Number, ImmutableArray<LivePart> Parts, Task Next);
