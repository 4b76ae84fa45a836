using System.Text.Json.Serialization;

namespace TlsFront.Admin.Live;

/// <summary>Serializers of the events' documents, written at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LiveGateway))]
[JsonSerializable(typeof(LiveHandshakes))]
[JsonSerializable(typeof(IReadOnlyList<LiveTimes>))]
[JsonSerializable(typeof(IReadOnlyList<LiveProbes>))]
[JsonSerializable(typeof(IReadOnlyList<LiveFailure>))]
[JsonSerializable(typeof(IReadOnlyList<LiveConnection>))]
[JsonSerializable(typeof(LiveMigration))]
[JsonSerializable(typeof(LiveClients))]
internal sealed partial class LiveJson : JsonSerializerContext;
