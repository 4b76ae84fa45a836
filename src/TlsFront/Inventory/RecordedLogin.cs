using System.Net;
using TlsFront.Connections;

namespace TlsFront.Inventory;

/// <summary>What is kept of a login until it is written: references to what its connection has anyway.</summary>
/// <param name="At">When it ended.</param>
/// <param name="User">Whose it is, as the client gave it; null if that is not known, or nothing to keep.</param>
/// <param name="Client">Where the client is.</param>
/// <param name="Listener">The listener.</param>
/// <param name="Protocol">What is spoken there.</param>
/// <param name="Transport">cleartext, starttls or implicit.</param>
/// <param name="Tls">What TLS established; null without it.</param>
/// <param name="Program">What the client's program calls itself, or null.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Policy">The policy that decided on it, or null.</param>
/// <param name="Action">What the policy decided.</param>
internal readonly record struct RecordedLogin(
    DateTimeOffset At, string? User, IPAddress Client, string Listener, string Protocol, string Transport, TlsFacts? Tls, string? Program,
    LoginOutcome Outcome, string? Policy, PolicyAction Action);
