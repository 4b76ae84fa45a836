using TlsFront.Configuration;
using TlsFront.Connections;

namespace TlsFront.Policies;

/// <summary>What becomes of a login.</summary>
/// <param name="Policy">The policy that decided; null if none matches.</param>
/// <param name="Action">What was decided; a login that nothing but a policy lets in is refused without one.</param>
/// <param name="Refusal">What its client is told; null if it goes on.</param>
/// <param name="Alert">What its user has to see if it is accepted; null for nothing.</param>
internal readonly record struct LoginDecision(PolicySettings? Policy, PolicyAction Action, LoginRefusal? Refusal, string? Alert);
