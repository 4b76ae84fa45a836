using System.Text.Json.Serialization;

namespace TlsFront.Listeners.Upgrade;

/// <summary>How two processes tell each other what is no session. Fields may be added, and unknown ones are ignored.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SuccessorHello))]
[JsonSerializable(typeof(HandedListener))]
[JsonSerializable(typeof(Decisions))]
internal sealed partial class UpgradeJson : JsonSerializerContext;
