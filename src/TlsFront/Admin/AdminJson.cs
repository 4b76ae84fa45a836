using System.Text.Json.Serialization;
using TlsFront.Routing;

namespace TlsFront.Admin;

/// <summary>Serializers of the API's documents, written at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(GatewayStatus))]
[JsonSerializable(typeof(BackendStatus))]
[JsonSerializable(typeof(IReadOnlyList<BackendStatus>))]
[JsonSerializable(typeof(IReadOnlyList<SessionStatus>))]
[JsonSerializable(typeof(UpgradeStatus))]
[JsonSerializable(typeof(UserOverride))]
[JsonSerializable(typeof(IReadOnlyList<UserOverride>))]
[JsonSerializable(typeof(WhatIfRequest))]
[JsonSerializable(typeof(WhatIfAnswer))]
internal sealed partial class AdminJson : JsonSerializerContext;
