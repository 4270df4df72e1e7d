using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Depart.Foundation.Design;
using Depart.Foundation.Engine;
using Depart.Foundation.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Depart.Foundation.Door;

/// <summary>
/// The one door: own scope, access, handler; then state, journal and work items in one transaction. Pages, API, command line and
/// engine all come through here.
/// </summary>
internal sealed class Dispatcher(IServiceScopeFactory scopes, WriteGate gate, IWorkNudge nudge, IHouseZone zone, SlowAnswers slow)
{
    /// <summary>Times a command is begun at most when it clashes with what goes round the door.</summary>
    private const int Attempts = 4;

    private static readonly ConcurrentDictionary<Type, Func<Dispatcher, object, Actor, RequestContext, CancellationToken, object>> Commands = new();
    private static readonly ConcurrentDictionary<Type, Func<Dispatcher, object, Actor, RequestContext, CancellationToken, object>> Queries = new();

    /// <summary>Sends a command: everything is saved, or nothing is and the problem says why.</summary>
    public Task<Outcome<TResult>> SendAsync<TResult>(
        ICommand<TResult> command, Actor actor, RequestContext context, CancellationToken cancellation)
    {
        var send = Commands.GetOrAdd(command.GetType(), static type => Invoker(type, typeof(ICommand<>), nameof(RunCommandAsync)));
        return (Task<Outcome<TResult>>)send(this, command, actor, context, cancellation);
    }

    /// <summary>Sends a command with nothing beside it.</summary>
    public Task<Outcome<TResult>> SendAsync<TResult>(ICommand<TResult> command, Actor actor, CancellationToken cancellation) =>
        SendAsync(command, actor, RequestContext.None, cancellation);

    /// <summary>Asks a question; nothing is saved.</summary>
    public Task<Outcome<TResult>> AskAsync<TResult>(IQuery<TResult> query, Actor actor, CancellationToken cancellation)
    {
        var ask = Queries.GetOrAdd(query.GetType(), static type => Invoker(type, typeof(IQuery<>), nameof(RunQueryAsync)));
        return (Task<Outcome<TResult>>)ask(this, query, actor, RequestContext.None, cancellation);
    }

    private static Func<Dispatcher, object, Actor, RequestContext, CancellationToken, object> Invoker(Type request, Type contract, string method)
    {
        var result = request.GetInterfaces().Single(type => type.IsGenericType && type.GetGenericTypeDefinition() == contract).GetGenericArguments()[0];
        return typeof(Dispatcher).GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(request, result)
            .CreateDelegate<Func<Dispatcher, object, Actor, RequestContext, CancellationToken, object>>();
    }

    private Task<Outcome<TResult>> RunQueryAsync<TQuery, TResult>(object query, Actor actor, RequestContext context, CancellationToken cancellation)
        where TQuery : IQuery<TResult> => QueryAsync<TQuery, TResult>((TQuery)query, actor, context, cancellation);

    private Task<Outcome<TResult>> RunCommandAsync<TCommand, TResult>(object command, Actor actor, RequestContext context, CancellationToken cancellation)
        where TCommand : ICommand<TResult> => CommandAsync<TCommand, TResult>((TCommand)command, actor, context, cancellation);

    private Task<Outcome<TResult>> QueryAsync<TQuery, TResult>(TQuery query, Actor actor, RequestContext context, CancellationToken cancellation)
        where TQuery : IQuery<TResult> =>
        query is IKeptWhenSlow && TQuery.Access.Allows(actor, null)
            ? slow.GetAsync(query, actor, again => AnswerAsync<TQuery, TResult>(query, actor, context, again), cancellation)
            : AnswerAsync<TQuery, TResult>(query, actor, context, cancellation);

    private async Task<Outcome<TResult>> AnswerAsync<TQuery, TResult>(TQuery query, Actor actor, RequestContext context, CancellationToken cancellation)
        where TQuery : IQuery<TResult>
    {
        Zones.Use(await zone.OfAsync(actor, cancellation));
        await using var scope = Open(actor, context);
        if (await RefusalAsync<TQuery>(query, actor, changes: false, scope.ServiceProvider, cancellation) is { } refusal)
        {
            return refusal;
        }

        scope.ServiceProvider.GetRequiredService<DepartDb>().ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        return await scope.ServiceProvider.GetRequiredService<IHandler<TQuery, TResult>>().HandleAsync(query, cancellation);
    }

    private async Task<Outcome<TResult>> CommandAsync<TCommand, TResult>(TCommand command, Actor actor, RequestContext context, CancellationToken cancellation)
        where TCommand : ICommand<TResult>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await CommandOnceAsync<TCommand, TResult>(command, actor, context, cancellation);
            }
            catch (Exception error) when (attempt < Attempts && Clashes.Is(error))
            {
                // Nothing was written: the handler reads what stands now and decides again.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 20 << attempt)), cancellation);
            }
            catch (DbUpdateConcurrencyException)
            {
                return Problem.Stale;
            }
        }
    }

    private async Task<Outcome<TResult>> CommandOnceAsync<TCommand, TResult>(TCommand command, Actor actor, RequestContext context, CancellationToken cancellation)
        where TCommand : ICommand<TResult>
    {
        Zones.Use(await zone.OfAsync(actor, cancellation));
        await using var scope = Open(actor, context);
        var services = scope.ServiceProvider;
        if (await RefusalAsync<TCommand>(command, actor, changes: true, services, cancellation) is { } refusal)
        {
            return refusal;
        }

        if (command is IChecked check && Problem.Several([.. check.Check()]) is { } problem)
        {
            return problem;
        }

        var db = services.GetRequiredService<DepartDb>();
        Outcome<TResult> outcome;
        using (await gate.EnterAsync(cancellation))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
            await gate.HoldAsync(db, cancellation);
            var memory = await IdempotencyMemory.FindAsync(db, context.IdempotencyKey, actor, command, cancellation);
            if (memory?.Refusal is { } reused)
            {
                return reused;
            }

            if (memory?.Answer is { } answer)
            {
                return JsonSerializer.Deserialize<TResult>(Answers(services).Unprotect(answer), ApiJson.Options)!;
            }

            outcome = await services.GetRequiredService<IHandler<TCommand, TResult>>().HandleAsync(command, cancellation);
            if (!outcome.Ok)
            {
                return outcome;
            }

            await services.GetRequiredService<IJournal>().WriteAsync(db, actor, cancellation);
            memory?.Keep(db, Answers(services).Protect(JsonSerializer.Serialize(outcome.Value, ApiJson.Options)));
            await db.UpdateManyAsync(cancellation);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            db.Committed();
        }

        nudge.Nudge(db.EnqueuedQueues);
        return outcome;
    }

    private static IDataProtector Answers(IServiceProvider services) => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("depart.answers");

    private AsyncServiceScope Open(Actor actor, RequestContext context)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ActorSlot>().Actor = actor;
        scope.ServiceProvider.GetRequiredService<RequestSlot>().Context = context;
        return scope;
    }

    /// <summary>Access, read-only tokens and separation, in the order in which a person would explain them.</summary>
    private static async Task<Problem?> RefusalAsync<TRequest>(
        object request, Actor actor, bool changes, IServiceProvider services, CancellationToken cancellation)
        where TRequest : IGuarded
    {
        var binding = services.GetService<IDepartureBinding>();
        var parties = (request, binding) switch
        {
            (_, null) => null,
            (IOnDeparture on, _) => await binding.OfDepartureAsync(on.DepartureKey, cancellation),
            (IOnPerson on, _) => await binding.OfPersonAsync(on.PersonKey, cancellation),
            _ => null,
        };
        if (changes && request is IOnPerson && parties is not null)
        {
            // What is changed about a person, or an account of theirs, counts beyond the departures of a unit.
            parties = parties with { Unit = null };
        }

        // A departure that there is not is in no unit: whoever sees some only is refused as for one of another.
        if (!TRequest.Access.Allows(request is IOnDeparture && parties is null ? actor with { Within = RolesWithin.None } : actor, parties))
        {
            return actor.IsKnown ? Problem.Forbidden : Problem.Unauthenticated;
        }

        if (request is IOnDeparture)
        {
            // The handler is asked by whoever they are towards this departure.
            services.GetRequiredService<ActorSlot>().Actor = actor.In(parties?.Unit);
        }

        if (!changes)
        {
            return null;
        }

        if (actor.ReadOnly)
        {
            return Problem.ReadOnlyToken;
        }

        if (request is IOwnWayIn && actor.Via == Via.Api)
        {
            return Problem.NotByToken;
        }

        if (request is IRequiresProof { NeedsProof: true } && actor.Via == Via.Page && !WasProved(services))
        {
            return Problem.ProveAgain;
        }

        return parties is null || request is IOwnPart ? null : await Separation.RefusalAsync(actor, parties.Leaver, binding!, cancellation, parties.LeaverSupplier);
    }

    private static bool WasProved(IServiceProvider services) =>
        IRequiresProof.Counts(services.GetRequiredService<RequestSlot>().Context.ProvedAt, services.GetRequiredService<TimeProvider>().GetUtcNow());
}

/// <summary>An answer kept so that a repeated request gives it again.</summary>
internal sealed class IdempotencyMemory
{
    /// <summary>The key, with the actor: two users never share one.</summary>
    public required string Key { get; init; }

    /// <summary>SHA-256 over the request: the same key with another request is refused.</summary>
    public required string Request { get; init; }

    /// <summary>The answer given, encrypted: it may be a token or a password that is shown once.</summary>
    public string? Answer { get; set; }

    /// <summary>The key was used for something else.</summary>
    public Problem? Refusal { get; private init; }

    internal static async Task<IdempotencyMemory?> FindAsync(
        DepartDb db, string? key, Actor actor, object command, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(key))
        {
            return null;
        }

        var full = $"{actor.User:N}:{actor.Token:N}:{key}";
        var request = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), ApiJson.Options)));
        var known = await db.Set<IdempotencyMemory>().AsNoTracking().FirstOrDefaultAsync(memory => memory.Key == full, cancellation);
        return known switch
        {
            null => new() { Key = full, Request = request },
            _ when known.Request == request => known,
            _ => new()
            {
                Key = full,
                Request = request,
                Refusal = new(ProblemKind.Conflict, "idempotency-key-reused", new(
                    "This Idempotency-Key was already used for another request.",
                    "Cette clé d’idempotence a déjà servi à une autre requête.")),
            },
        };
    }

    internal void Keep(DepartDb db, string answer)
    {
        Answer = answer;
        db.Add(this);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<IdempotencyMemory>
    {
        public void Configure(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<IdempotencyMemory> builder)
        {
            builder.ToTable("idempotency");
            builder.HasKey(memory => memory.Key);
            builder.Property(memory => memory.Key).HasMaxLength(260);
            builder.Ignore(memory => memory.Refusal);
        }
    }
}
