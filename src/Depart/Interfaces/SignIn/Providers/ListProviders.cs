using System.Text.Json;
using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>A provider that the sign-in page offers.</summary>
public sealed record OfferedProvider(string Key, string Name);

/// <summary>The providers by which one may sign in, by name.</summary>
internal sealed record OfferProviders : IQuery<IReadOnlyList<OfferedProvider>>
{
    public static Access Access => Access.Anyone;

    internal sealed class Handler(DepartDb db) : IHandler<OfferProviders, IReadOnlyList<OfferedProvider>>
    {
        public async Task<Outcome<IReadOnlyList<OfferedProvider>>> HandleAsync(OfferProviders query, CancellationToken cancellation) =>
            await db.Set<IdentityProvider>().Where(provider => provider.Enabled).OrderBy(provider => provider.Name).Select(provider => new OfferedProvider(provider.Key, provider.Name)).ToListAsync(cancellation);
    }
}

/// <summary>A provider as it can be shown: whether there is a secret, never which.</summary>
public sealed record ProviderView(
    string Key, string Name, string Issuer, string ClientId, bool SecretSet, string Scopes, string MailClaim, string NameClaim, string? RoleClaim, IReadOnlyList<RoleMapping> Roles, bool MakesUsers,
    IReadOnlyList<string> Domains, bool Enabled, int Tied, string RedirectPath, string LogoutPath, DateTimeOffset? TroubleSince, string? Trouble, long Version) : IVersioned
{
    internal static ProviderView Of(IdentityProvider provider, int tied) => new(
        provider.Key, provider.Name, provider.Issuer, provider.ClientId, provider.ProtectedSecret is not null, provider.Scopes, provider.MailClaim, provider.NameClaim, provider.RoleClaim, provider.Roles,
        provider.MakesUsers, provider.Domains, provider.Enabled, tied, ProviderConnections.RedirectPath(provider.Key), ProviderConnections.LogoutPath(provider.Key), provider.TroubleSince, provider.Trouble, provider.Version);
}

/// <summary>The identity providers, by name.</summary>
internal sealed record ListProviders : IQuery<IReadOnlyList<ProviderView>>, IRouted
{
    public static Access Access => Access.To(Role.Admin, Role.Security, Role.Auditor);

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/providers", (ApiDoor door) => door.AskAsync(new ListProviders())).WithTags("Providers");

    internal sealed class Handler(DepartDb db) : IHandler<ListProviders, IReadOnlyList<ProviderView>>
    {
        public async Task<Outcome<IReadOnlyList<ProviderView>>> HandleAsync(ListProviders query, CancellationToken cancellation)
        {
            var tied = await db.Set<ProvidedIdentity>().GroupBy(identity => identity.Provider).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellation);
            return (await db.Set<IdentityProvider>().OrderBy(provider => provider.Name).ToListAsync(cancellation)).ConvertAll(provider => ProviderView.Of(provider, tied.GetValueOrDefault(provider.Key)));
        }
    }
}

/// <summary>An identity provider.</summary>
internal sealed record GetProvider(string Key) : IQuery<ProviderView>, IRouted
{
    public static Access Access => ListProviders.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/providers/{key}", (string key, ApiDoor door) => door.AskAsync(new GetProvider(key))).WithTags("Providers");

    internal sealed class Handler(DepartDb db) : IHandler<GetProvider, ProviderView>
    {
        public async Task<Outcome<ProviderView>> HandleAsync(GetProvider query, CancellationToken cancellation) =>
            await db.Set<IdentityProvider>().FirstOrDefaultAsync(provider => provider.Key == query.Key, cancellation) is { } provider
                ? ProviderView.Of(provider, await db.Set<ProvidedIdentity>().CountAsync(identity => identity.Provider == query.Key, cancellation))
                : Problem.NotFound(ProviderText.Provider);
    }
}

/// <summary>What a test of a provider found.</summary>
/// <param name="Good">People can sign in by it, as far as its description tells.</param>
/// <param name="Said">What is wrong, or that nothing is; then what to know.</param>
public sealed record ProviderReport(bool Good, IReadOnlyList<Words> Said);

/// <summary>Reads how a provider describes itself, and says in words what is wrong. Nothing is changed, nobody is signed in.</summary>
internal sealed record TestProvider(string Key) : IQuery<ProviderReport>, IRouted
{
    public static Access Access => AddProvider.Access;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/providers/{key}/test", (string key, ApiDoor door) => door.AskAsync(new TestProvider(key))).WithTags("Providers").Produces<ProviderReport>();

    internal sealed class Handler(DepartDb db) : IHandler<TestProvider, ProviderReport>
    {
        public async Task<Outcome<ProviderReport>> HandleAsync(TestProvider query, CancellationToken cancellation)
        {
            if (await db.Set<IdentityProvider>().FirstOrDefaultAsync(known => known.Key == query.Key, cancellation) is not { } provider)
            {
                return Problem.NotFound(ProviderText.Provider);
            }

            // Read anew each time, past what is kept for signing in.
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(15), MaxResponseContentBufferSize = 1024 * 1024 };
            var address = $"{provider.Issuer.TrimEnd('/')}/.well-known/openid-configuration";
            try
            {
                using var answer = await http.GetAsync(new Uri(address), cancellation);
                if (!answer.IsSuccessStatusCode)
                {
                    return Bad(ProviderText.NotThere.With(address, (int)answer.StatusCode));
                }

                var description = new OpenIdConnectConfiguration(await answer.Content.ReadAsStringAsync(cancellation));
                var keys = description.JwksUri is { Length: > 0 } place ? new Microsoft.IdentityModel.Tokens.JsonWebKeySet(await http.GetStringAsync(new Uri(place), cancellation)).GetSigningKeys().Count : 0;
                return Judge(provider, description, keys);
            }
            catch (Exception error) when (error is HttpRequestException or UriFormatException or JsonException or ArgumentException or InvalidOperationException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                return Bad(error is HttpRequestException or OperationCanceledException ? ProviderText.NoAnswer.With(address, (error.InnerException ?? error).Message) : ProviderText.NotReadable.With(address, error.Message));
            }
        }

        private static ProviderReport Judge(IdentityProvider provider, OpenIdConnectConfiguration description, int keys)
        {
            List<Words> wrong = [], toKnow = [];
            Say(wrong, !ProviderConnections.IsSame(description.Issuer, provider.Issuer), ProviderText.OtherIssuer.With(description.Issuer));
            Say(wrong, string.IsNullOrEmpty(description.AuthorizationEndpoint), ProviderText.NoEndpoint.With(ProviderText.ToAuthorise));
            Say(wrong, string.IsNullOrEmpty(description.TokenEndpoint), ProviderText.NoEndpoint.With(ProviderText.ToRedeem));
            Say(wrong, keys == 0, ProviderText.NoKeys);
            Say(wrong, description.ResponseTypesSupported.Count > 0 && !description.ResponseTypesSupported.Contains("code"), ProviderText.NoCode);
            Say(toKnow, !Holds("code_challenge_methods_supported", "S256"), ProviderText.NoPkce);
            Say(toKnow, provider.ProtectedSecret is not null && !description.TokenEndpointAuthMethodsSupported.Contains("client_secret_post"), ProviderText.NoPost);
            Say(toKnow, !IsTrue("backchannel_logout_supported"), ProviderText.NoBackChannel);
            Say(toKnow, string.IsNullOrEmpty(description.EndSessionEndpoint), ProviderText.NoEndSession);
            return new(wrong.Count == 0, [.. wrong.Count == 0 ? [ProviderText.Good] : wrong, .. toKnow]);

            bool Holds(string name, string value) => description.CodeChallengeMethodsSupported.Contains(value) || (description.AdditionalData.TryGetValue(name, out var said) && $"{said}".Contains(value, StringComparison.Ordinal));
            bool IsTrue(string name) => description.AdditionalData.TryGetValue(name, out var said) && string.Equals($"{said}", "true", StringComparison.OrdinalIgnoreCase);
        }

        private static void Say(List<Words> list, bool when, Words what)
        {
            if (when)
            {
                list.Add(what);
            }
        }

        private static ProviderReport Bad(Words said) => new(false, [said]);
    }
}
