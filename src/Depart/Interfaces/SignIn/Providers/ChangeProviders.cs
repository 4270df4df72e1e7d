using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn.Providers;

/// <summary>How a provider is set. What is left out is as usual: scopes <c>openid profile email</c>, claims <c>email</c> and <c>name</c>, no roles, nobody made, any domain.</summary>
/// <param name="Name">What its button says.</param>
/// <param name="Issuer">The address under which it describes itself.</param>
/// <param name="ClientId">Who we are there.</param>
/// <param name="Secret">The client's secret; left out, the one that is kept stays.</param>
/// <param name="ForgetSecret">Drops the secret: PKCE alone.</param>
/// <param name="Scopes">Separated by spaces, with <c>openid</c>.</param>
/// <param name="MailClaim">Claim of the address.</param>
/// <param name="NameClaim">Claim of the name.</param>
/// <param name="RoleClaim">Claim of roles or groups.</param>
/// <param name="Roles">Which of its values give which role.</param>
/// <param name="MakesUsers">Somebody unknown becomes a user at the first sign-in.</param>
/// <param name="Domains">Only addresses of these.</param>
internal sealed record ProviderContent(
    string Name, string Issuer, string ClientId, string? Secret = null, bool ForgetSecret = false, string? Scopes = null, string? MailClaim = null, string? NameClaim = null, string? RoleClaim = null,
    IReadOnlyList<RoleMapping>? Roles = null, bool MakesUsers = false, IReadOnlyList<string>? Domains = null)
{
    /// <summary>What is wrong, one problem per field.</summary>
    public IEnumerable<Problem> Check()
    {
        foreach (var (field, label, value, most) in new[] { (nameof(Name), ProviderText.Name, Name, 100), (nameof(ClientId), ProviderText.ClientId, ClientId, 255) })
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return Problem.Required(field, label);
            }
            else if (IsLong(value, most))
            {
                yield return Problem.Invalid(field, "one-line", ProviderText.TooLong.With(label, most));
            }
        }

        if (string.IsNullOrWhiteSpace(Issuer))
        {
            yield return Problem.Required(nameof(Issuer), ProviderText.Issuer);
        }
        else if (IsLong(Issuer, 500) || !Uri.TryCreate(Issuer.Trim(), UriKind.Absolute, out var address) || address.Query.Length + address.Fragment.Length + address.UserInfo.Length > 0
            || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            yield return Problem.Invalid(nameof(Issuer), "address", ProviderText.IssuerWrong);
        }

        if (!string.IsNullOrWhiteSpace(Scopes) && (IsLong(Scopes, 500) || !Scopes.Split(' ').Contains("openid", StringComparer.Ordinal)))
        {
            yield return Problem.Invalid(nameof(Scopes), "scopes", ProviderText.ScopesWrong);
        }

        foreach (var (field, label, value) in new[] { (nameof(MailClaim), ProviderText.MailClaim, MailClaim), (nameof(NameClaim), ProviderText.NameClaim, NameClaim), (nameof(RoleClaim), ProviderText.RoleClaim, RoleClaim) })
        {
            if (value is not null && IsLong(value, 200))
            {
                yield return Problem.Invalid(field, "one-line", ProviderText.TooLong.With(label, 200));
            }
        }

        if (Roles is { Count: > 0 } && string.IsNullOrWhiteSpace(RoleClaim))
        {
            yield return Problem.Invalid(nameof(RoleClaim), "required", ProviderText.MapWithoutClaim);
        }

        foreach (var wrong in UserFields.Check((Roles ?? []).Select(mapping => mapping.Role)))
        {
            yield return wrong;
        }

        if ((Roles ?? []).Any(mapping => string.IsNullOrWhiteSpace(mapping.Value) || IsLong(mapping.Value, 200)))
        {
            yield return Problem.Invalid(nameof(Roles), "value", ProviderText.ValueWrong);
        }

        if ((Domains ?? []).FirstOrDefault(domain => Uri.CheckHostName(domain.Trim()) != UriHostNameType.Dns || !domain.Contains('.', StringComparison.Ordinal)) is { } strange)
        {
            yield return Problem.Invalid(nameof(Domains), "domain", ProviderText.DomainWrong.With(strange));
        }
    }

    /// <summary>Writes it into a row.</summary>
    public void Into(IdentityProvider provider)
    {
        (provider.Name, provider.Issuer, provider.ClientId) = (Name.Trim(), Issuer.Trim().TrimEnd('/'), ClientId.Trim());
        provider.Scopes = string.IsNullOrWhiteSpace(Scopes) ? IdentityProvider.UsualScopes : string.Join(' ', Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        provider.MailClaim = string.IsNullOrWhiteSpace(MailClaim) ? "email" : MailClaim.Trim();
        provider.NameClaim = string.IsNullOrWhiteSpace(NameClaim) ? "name" : NameClaim.Trim();
        provider.RoleClaim = string.IsNullOrWhiteSpace(RoleClaim) ? null : RoleClaim.Trim();
        provider.Map(Roles ?? []);
        provider.MakesUsers = MakesUsers;
        provider.Domains = [.. (Domains ?? []).Select(domain => domain.Trim().ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
    }

    private static bool IsLong(string text, int most) => text.Trim().Length > most || text.Any(char.IsControl);
}

/// <summary>Adds an identity provider, off until it is enabled.</summary>
internal sealed record AddProvider(string Key, ProviderContent Content) : ICommand<string>, IRouted, IChecked, IRequiresProof
{
    public static Access Access => Access.To(Role.Admin);

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/providers", (AddProvider command, ApiDoor door) => door.SendAsync(command)).WithTags("Providers");

    public IEnumerable<Problem> Check()
    {
        if (Key is not { Length: >= 2 and <= 40 } || !char.IsAsciiLetterLower(Key[0]) || !Key.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-') || Key == "new")
        {
            yield return Problem.Invalid(nameof(Key), "key", ProviderText.KeyWrong);
        }

        foreach (var problem in Content?.Check() ?? [Problem.Required(nameof(Content), ProviderText.Provider)])
        {
            yield return problem;
        }
    }

    internal sealed class Handler(DepartDb db, IDataProtectionProvider protection, IJournal journal, TimeProvider clock) : IHandler<AddProvider, string>
    {
        public async Task<Outcome<string>> HandleAsync(AddProvider command, CancellationToken cancellation)
        {
            if (await db.FindAsync<IdentityProvider>([command.Key], cancellation) is not null)
            {
                return Problem.Invalid(nameof(Key), "key-taken", ProviderText.KeyTaken.With(command.Key));
            }

            var provider = new IdentityProvider { Key = command.Key, Name = "", Issuer = "", ClientId = "", CreatedAt = clock.GetUtcNow() };
            command.Content.Into(provider);
            provider.SetSecret(string.IsNullOrEmpty(command.Content.Secret) ? null : command.Content.Secret, protection);
            db.Add(provider);
            journal.Record(ProviderFacts.Of(provider, "provider.added"));
            return provider.Key;
        }
    }
}

/// <summary>Changes an identity provider. Another issuer is another provider: ties made under the first one are forgotten, and sessions begun by it end.</summary>
internal sealed record ChangeProvider(string Key, ProviderContent Content) : ICommand<Done>, IRouted, IChecked, IRequiresProof
{
    public static Access Access => AddProvider.Access;

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPut("/providers/{key}", (string key, ProviderContent content, ApiDoor door) => door.SendAsync(new ChangeProvider(key, content))).WithTags("Providers");

    public IEnumerable<Problem> Check() => Content?.Check() ?? [Problem.Required(nameof(Content), ProviderText.Provider)];

    internal sealed class Handler(DepartDb db, IDataProtectionProvider protection, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<ChangeProvider, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(ChangeProvider command, CancellationToken cancellation)
        {
            if (await db.FindAsync<IdentityProvider>([command.Key], cancellation) is not { } provider)
            {
                return Problem.NotFound(ProviderText.Provider);
            }

            if (!provider.IsAt(request.Context.Version))
            {
                return Problem.Stale;
            }

            var (content, moved) = (command.Content, !ProviderConnections.IsSame(command.Content.Issuer.Trim(), provider.Issuer));
            if (moved && provider.ProtectedSecret is not null && string.IsNullOrEmpty(content.Secret) && !content.ForgetSecret)
            {
                return Problem.Invalid(nameof(content.Secret), "secret-again", ProviderText.SecretAgain);
            }

            if (moved)
            {
                await RemoveProvider.CutAllAsync(db, journal, provider, clock.GetUtcNow(), cancellation);
            }

            content.Into(provider);
            if (!string.IsNullOrEmpty(content.Secret) || content.ForgetSecret)
            {
                provider.SetSecret(string.IsNullOrEmpty(content.Secret) ? null : content.Secret, protection);
            }

            provider.Changed();
            journal.Record(ProviderFacts.Of(provider, "provider.changed", ("secretGiven", !string.IsNullOrEmpty(content.Secret))));
            return Done.Value;
        }
    }
}

/// <summary>Lets people sign in by a provider, or no longer: then the sessions begun by it end.</summary>
internal sealed record SwitchProvider(string Key, bool Enabled) : ICommand<Done>, IRouted, IRequiresProof
{
    public static Access Access => AddProvider.Access;

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/providers/{key}/enable", (string key, ApiDoor door) => door.SendAsync(new SwitchProvider(key, true))).WithTags("Providers");
        api.MapPost("/providers/{key}/disable", (string key, ApiDoor door) => door.SendAsync(new SwitchProvider(key, false))).WithTags("Providers");
    }

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<SwitchProvider, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(SwitchProvider command, CancellationToken cancellation)
        {
            if (await db.FindAsync<IdentityProvider>([command.Key], cancellation) is not { } provider)
            {
                return Problem.NotFound(ProviderText.Provider);
            }

            provider.Enabled = command.Enabled;
            provider.Changed();
            var ended = command.Enabled ? 0 : await ProvidedEnds.EndAsync(db, journal, provider.Key, null, null, clock.GetUtcNow(), cancellation);
            journal.Record(ProviderFacts.Of(provider, command.Enabled ? "provider.enabled" : "provider.disabled", ("count", ended)));
            return Done.Value;
        }
    }
}

/// <summary>Removes a provider: ties are forgotten, roles that it gave taken back, sessions begun by it end. Users stay.</summary>
internal sealed record RemoveProvider(string Key) : ICommand<Done>, IRouted, IRequiresProof
{
    public static Access Access => AddProvider.Access;

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/providers/{key}", (string key, ApiDoor door) => door.SendAsync(new RemoveProvider(key))).WithTags("Providers");

    /// <summary>Cuts every tie to a provider; the last administrator keeps the role.</summary>
    public static async Task CutAllAsync(DepartDb db, IJournal journal, IdentityProvider provider, DateTimeOffset now, CancellationToken cancellation)
    {
        await ProvidedEnds.EndAsync(db, journal, provider.Key, null, null, now, cancellation);
        var identities = await db.Set<ProvidedIdentity>().Where(identity => identity.Provider == provider.Key).ToListAsync(cancellation);
        var grants = (await db.Set<RoleGrant>().Where(grant => grant.Provider == provider.Key).ToListAsync(cancellation)).ToLookup(grant => grant.User, grant => grant.Role);
        var users = identities.Select(identity => identity.User).Union(grants.Select(group => group.Key)).ToList();
        db.RemoveRange(identities);
        foreach (var user in await db.Set<User>().Where(user => users.Contains(user.Id)).ToListAsync(cancellation))
        {
            await ProvidedRoles.TakeAsync(db, journal, provider, user, grants[user.Id], cancellation);
            if (identities.Exists(identity => identity.User == user.Id))
            {
                journal.Record(UserFacts.Of(user, "user.untied", ("provider", provider.Key)));
            }
        }
    }

    internal sealed class Handler(DepartDb db, IJournal journal, TimeProvider clock) : IHandler<RemoveProvider, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(RemoveProvider command, CancellationToken cancellation)
        {
            if (await db.FindAsync<IdentityProvider>([command.Key], cancellation) is not { } provider)
            {
                return Problem.NotFound(ProviderText.Provider);
            }

            await CutAllAsync(db, journal, provider, clock.GetUtcNow(), cancellation);
            db.Remove(provider);
            journal.Record(ProviderFacts.Of(provider, "provider.removed"));
            return Done.Value;
        }
    }
}

/// <summary>What the journal says of a provider; its secret never.</summary>
internal static class ProviderFacts
{
    public static Fact Of(IdentityProvider provider, string kind, params (string Name, object? Value)[] values) => new(Fact.House, kind)
    {
        Values = new (string Name, object? Value)[]
        {
            ("provider", provider.Key), ("issuer", provider.Issuer), ("client", provider.ClientId), ("scopes", provider.Scopes), ("mailClaim", provider.MailClaim), ("roleClaim", provider.RoleClaim),
            ("roles", string.Join(", ", provider.RoleMap)), ("makesUsers", provider.MakesUsers), ("domains", string.Join(' ', provider.Domains)), ("enabled", provider.Enabled),
        }.Concat(values).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal),
    };
}
