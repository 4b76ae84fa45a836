using System.Text.Json.Serialization;

namespace TlsFront.Admin;

/// <summary>Serializers of the API's documents, written at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayStatus))]
[JsonSerializable(typeof(BackendStatus))]
[JsonSerializable(typeof(IReadOnlyList<BackendStatus>))]
internal sealed partial class AdminJson : JsonSerializerContext;
