using System.Collections.Immutable;

namespace TlsFront.Demo;

/// <summary>What is in a folder at one moment.</summary>
/// <param name="Messages">In ascending order of their UID.</param>
/// <param name="NextUid">UID of the next message to arrive.</param>
internal sealed record FolderContents(ImmutableArray<StoredMessage> Messages, uint NextUid);
