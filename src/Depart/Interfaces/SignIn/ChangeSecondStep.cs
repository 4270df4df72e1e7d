using Depart.Foundation.Door;
using Depart.Foundation.Storage;
using Depart.Interfaces.Api;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Interfaces.SignIn;

/// <summary>A secret on offer for an authenticator app: it travels in the page, closed, until a code shows that an app has it. Nothing is kept before.</summary>
internal sealed class SecretOffer(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("depart.second-step-offer").ToTimeLimitedDataProtector();

    /// <summary>Closes a secret for one user.</summary>
    public string Close(Guid user, string secret) => Protector.Protect($"{user:N} {secret}", Life);

    /// <summary>The secret offered to that user; null for what is too old, made up, or another's.</summary>
    public string? Open(Guid user, string? offer)
    {
        try
        {
            return string.IsNullOrEmpty(offer) ? null : Protector.Unprotect(offer).Split(' ') is [var whose, var secret] && whose == user.ToString("N") ? secret : null;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>Turns one's second step on: a code shows that an app has the secret offered. The recovery codes are in the answer, once.</summary>
internal sealed record TurnOnSecondStep(string Offer, string Code) : ICommand<RecoveryCodes>, IOwnWayIn
{
    public static Access Access => Access.SignedIn;

    public bool NeedsProof => true;

    internal sealed class Handler(DepartDb db, Actor actor, SecretOffer offers, IDataProtectionProvider protection, IJournal journal, TimeProvider clock) : IHandler<TurnOnSecondStep, RecoveryCodes>
    {
        public async Task<Outcome<RecoveryCodes>> HandleAsync(TurnOnSecondStep command, CancellationToken cancellation)
        {
            if (actor.User is not { } id || await db.FindAsync<User>([UserId.From(id)], cancellation) is not { } user)
            {
                return Problem.Forbidden;
            }

            if (await db.FindAsync<SecondStep>([user.Id], cancellation) is not null)
            {
                return SecondStepText.AlreadyOn;
            }

            if (offers.Open(id, command.Offer) is not { } secret)
            {
                return SecondStepText.OfferOld;
            }

            var now = clock.GetUtcNow();
            var step = new SecondStep { User = user.Id, ProtectedSecret = protection.CreateProtector(SecondStep.SecretPurpose).Protect(secret), Since = now };
            if (!step.UseCode(command.Code ?? "", protection, now))
            {
                return SecondStepText.CodeWrong with { Kind = ProblemKind.Invalid, Field = "code" };
            }

            db.Add(step);
            var codes = step.MakeRecoveryCodes();
            journal.Record(UserFacts.Of(user, "user.second-step-on"));
            return new RecoveryCodes(codes);
        }
    }
}

/// <summary>Makes recovery codes anew; the earlier ones no longer serve. They are in the answer, once.</summary>
internal sealed record RenewRecoveryCodes : ICommand<RecoveryCodes>, IOwnWayIn
{
    public static Access Access => Access.SignedIn;

    public bool NeedsProof => true;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal) : IHandler<RenewRecoveryCodes, RecoveryCodes>
    {
        public async Task<Outcome<RecoveryCodes>> HandleAsync(RenewRecoveryCodes command, CancellationToken cancellation)
        {
            var id = UserId.From(actor.User ?? Guid.Empty);
            if (await db.FindAsync<SecondStep>([id], cancellation) is not { } step || await db.FindAsync<User>([id], cancellation) is not { } user)
            {
                return SecondStepText.NotOn;
            }

            journal.Record(UserFacts.Of(user, "user.recovery-codes-renewed"));
            return new RecoveryCodes(step.MakeRecoveryCodes());
        }
    }
}

/// <summary>Recovery codes, told once.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>Turns one's own second step off.</summary>
internal sealed record TurnOffSecondStep : ICommand<Done>, IOwnWayIn
{
    public static Access Access => Access.SignedIn;

    public bool NeedsProof => true;

    internal sealed class Handler(DepartDb db, Actor actor, IJournal journal) : IHandler<TurnOffSecondStep, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(TurnOffSecondStep command, CancellationToken cancellation)
        {
            var id = UserId.From(actor.User ?? Guid.Empty);
            if (await db.FindAsync<SecondStep>([id], cancellation) is not { } step || await db.FindAsync<User>([id], cancellation) is not { } user)
            {
                return SecondStepText.NotOn;
            }

            db.Remove(step);
            journal.Record(UserFacts.Of(user, "user.second-step-off"));
            return Done.Value;
        }
    }
}

/// <summary>Takes second step and passkeys off somebody who lost the device they were on; their sessions end. An administrator has made sure of who asks.</summary>
internal sealed record RemoveSecondStep(UserId User) : ICommand<Done>, IRouted, IRequiresProof
{
    public static Access Access => Access.To(Role.Admin);

    public bool NeedsProof => true;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/users/{user}/second-step", (UserId user, ApiDoor door) => door.SendAsync(new RemoveSecondStep(user))).WithTags("Users");

    internal sealed class Handler(DepartDb db, RequestSlot request, IJournal journal, TimeProvider clock) : IHandler<RemoveSecondStep, Done>
    {
        public Task<Outcome<Done>> HandleAsync(RemoveSecondStep command, CancellationToken cancellation) =>
            ChangeUser.ApplyAsync(db, request, command.User, async user =>
            {
                var step = await db.FindAsync<SecondStep>([user.Id], cancellation);
                var passkeys = await db.Set<Passkey>().Where(passkey => passkey.User == user.Id).ToListAsync(cancellation);
                if (step is null && passkeys.Count == 0)
                {
                    return SecondStepText.NotOn;
                }

                if (step is not null)
                {
                    db.Remove(step);
                }

                db.RemoveRange(passkeys);
                user.EndSessions();
                await BrowserSession.EndAllAsync(db, user.Id, SessionEnd.SecondStepRemoved, clock.GetUtcNow(), but: null, cancellation);
                journal.Record(UserFacts.Of(user, "user.second-step-removed", ("passkeys", passkeys.Count)));
                return null;
            }, cancellation);
    }
}

/// <summary>Uses up a code of the app, or a recovery code, of somebody whose password was right.</summary>
internal sealed record UseSecondStep(UserId User, string Code) : ICommand<Done>
{
    public static Access Access => Access.Engine;

    internal sealed class Handler(DepartDb db, IDataProtectionProvider protection, IJournal journal, TimeProvider clock) : IHandler<UseSecondStep, Done>
    {
        public async Task<Outcome<Done>> HandleAsync(UseSecondStep command, CancellationToken cancellation)
        {
            if (await db.FindAsync<SecondStep>([command.User], cancellation) is not { } step || await db.FindAsync<User>([command.User], cancellation) is not { DisabledAt: null } user)
            {
                return SecondStepText.CodeWrong;
            }

            if (step.UseCode(command.Code, protection, clock.GetUtcNow()))
            {
                return Done.Value;
            }

            if (!step.UseRecoveryCode(command.Code))
            {
                return SecondStepText.CodeWrong;
            }

            journal.Record(UserFacts.Of(user, "user.recovery-code-used", ("left", step.RecoveryHashes.Count)));
            return Done.Value;
        }
    }
}

/// <summary>How one's own second step stands.</summary>
internal sealed record GetSecondStep : IQuery<SecondStepState>, IRouted
{
    public static Access Access => Access.SignedIn;

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/me/second-step", (ApiDoor door) => door.AskAsync(new GetSecondStep())).WithTags("Users");

    internal sealed class Handler(DepartDb db, Actor actor) : IHandler<GetSecondStep, SecondStepState>
    {
        public async Task<Outcome<SecondStepState>> HandleAsync(GetSecondStep query, CancellationToken cancellation)
        {
            var id = UserId.From(actor.User ?? Guid.Empty);
            var step = await db.Set<SecondStep>().FirstOrDefaultAsync(known => known.User == id, cancellation);
            return new SecondStepState(step?.Since, step?.RecoveryHashes.Count ?? 0);
        }
    }
}

/// <summary>Since when the second step is on, or null; how many recovery codes are left.</summary>
public sealed record SecondStepState(DateTimeOffset? Since, int RecoveryCodesLeft);
