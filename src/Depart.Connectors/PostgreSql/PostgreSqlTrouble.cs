using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace Depart.Connectors.PostgreSql;

/// <summary>Says of every way in which a call can go wrong what kind it is and what to do.</summary>
/// <param name="server">Host and port.</param>
/// <param name="user">Our own role.</param>
/// <param name="seconds">The time-out of the settings.</param>
internal sealed class PostgreSqlTrouble(string server, string user, int seconds)
{
    /// <summary>Errors of the server, of the network or of time; anything else is a bug and passes.</summary>
    public static bool Covers(Exception error) =>
        error is NpgsqlException or OperationCanceledException or TimeoutException or SocketException or IOException or AuthenticationException;

    /// <summary>Whether the server itself said no, and so changed nothing; a server that goes down or breaks leaves it open.</summary>
    public static bool IsRefusal(Exception error) => error is PostgresException refused && refused.SqlState.Length == 5 && refused.SqlState[..2] is not ("57" or "58" or "XX");

    /// <summary>The failure for people, about the server or the session as a whole.</summary>
    public Failure Explain(Exception error) => error switch
    {
        PostgresException refused => Refused(refused),
        OperationCanceledException or TimeoutException or { InnerException: TimeoutException or OperationCanceledException } => TimedOut(),
        AuthenticationException or { InnerException: AuthenticationException } => new(FailureKind.IdentityRefused, new(
            $"The certificate of {server} is not trusted: {Innermost(error)}", $"Le certificat de {server} n’est pas reconnu : {Innermost(error)}"), new(
            "Enter the authority that signed it, or correct the server's name in the settings.",
            "Saisissez l’autorité qui l’a signé, ou corrigez le nom du serveur dans les réglages.")),
        SocketException or { InnerException: SocketException } => new(FailureKind.Unreachable, new(
            $"{server} cannot be reached: {Innermost(error)}", $"{server} est injoignable : {Innermost(error)}"), new(
            "Check that the server runs and that this machine may reach it.", "Vérifiez que le serveur fonctionne et que cette machine peut l’atteindre.")),
        NpgsqlException when error.Message.Contains("SSL", StringComparison.Ordinal) => new(FailureKind.IdentityRefused, new(
            $"{server} does not offer TLS.", $"{server} ne propose pas TLS."), new(
            "Set ssl = on with a certificate in postgresql.conf.", "Activez ssl = on avec un certificat dans postgresql.conf.")),
        IOException or { InnerException: IOException } => new(FailureKind.Unreachable, new(
            $"{server} hung up.", $"{server} a coupé la connexion."), new(
            "Check that a PostgreSQL server answers on this port.", "Vérifiez qu’un serveur PostgreSQL répond sur ce port.")),
        _ => new(FailureKind.Garbage, new(
            $"{server} does not answer as a PostgreSQL server.", $"{server} ne répond pas comme un serveur PostgreSQL."), new(
            "Check host and port.", "Vérifiez le nom et le port.")),
    };

    /// <summary>The server's own words, with the code that does not depend on its language.</summary>
    public static string Words(Exception error) => error switch
    {
        PostgresException refused => $"{refused.SqlState} {refused.MessageText}",
        OperationCanceledException or TimeoutException => "no answer",
        _ => Innermost(error),
    };

    private Failure TimedOut() => new(FailureKind.TimedOut, new(
        $"{server} did not answer within {seconds} seconds: what happened is not known.",
        $"{server} n’a pas répondu en {seconds} secondes : on ne sait pas ce qui s’est passé."));

    private Failure Refused(PostgresException refused) => refused.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new(FailureKind.SignInRefused, new(
            $"{server} refuses to let Depart in as {user}: {refused.MessageText}", $"{server} refuse l’entrée à Départ sous le nom {user} : {refused.MessageText}"), new(
            "Check role and password in the settings, and pg_hba.conf for this machine's address.",
            "Vérifiez le rôle et le mot de passe dans les réglages, et pg_hba.conf pour l’adresse de cette machine.")),
        PostgresErrorCodes.InsufficientPrivilege => new(FailureKind.RightMissing, new(
            $"{user} lacks a right on {server}: {refused.MessageText}", $"Un droit manque à {user} sur {server} : {refused.MessageText}"), new(
            "Give it the rights listed in the connector's page.", "Accordez-lui les droits listés dans la page du connecteur.")),
        PostgresErrorCodes.InvalidCatalogName => new(FailureKind.Invalid, new(
            $"{server} has no such database: {refused.MessageText}", $"{server} n’a pas cette base : {refused.MessageText}"), new(
            "Correct the database in the settings.", "Corrigez la base dans les réglages.")),
        PostgresErrorCodes.QueryCanceled => TimedOut(),
        PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ConfigurationLimitExceeded or ['5', '3', ..] => new(FailureKind.Throttled, new(
            $"{server} is busy: {refused.MessageText}", $"{server} est occupé : {refused.MessageText}")),
        PostgresErrorCodes.CannotConnectNow => new(FailureKind.Unreachable, new(
            $"{server} is starting or stopping: {refused.MessageText}", $"{server} démarre ou s’arrête : {refused.MessageText}")),
        ['4', '0', ..] => new(FailureKind.Conflict, new(
            $"Somebody else was changing the same on {server}: {refused.MessageText}", $"Quelqu’un modifiait la même chose sur {server} : {refused.MessageText}")),
        ['5', '7', ..] or ['5', '8', ..] or ['X', 'X', ..] => new(FailureKind.SystemError, new(
            $"{server} failed: {refused.MessageText}", $"{server} est en erreur : {refused.MessageText}")),
        _ => new(FailureKind.Invalid, new($"{server} refused: {refused.MessageText}", $"{server} a refusé : {refused.MessageText}")),
    };

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error.Message;
    }
}

/// <summary>What is said to the server in one call, and whether a change was asked for.</summary>
internal sealed class PostgreSqlTalk
{
    private readonly List<Exchange> exchanges = [];

    public IReadOnlyList<Exchange> Exchanges => exchanges;

    /// <summary>A statement that changes something was sent: without an answer, what happened is not known.</summary>
    public bool Wrote { get; private set; }

    /// <summary>Runs a statement that changes something.</summary>
    /// <param name="connection">Open; a transaction begun on it is the one used.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="shown">The statement for the evidence, when it holds a secret.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task WriteAsync(NpgsqlConnection connection, string statement, string? shown, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        Wrote = true;
        try
        {
            await command.ExecuteNonQueryAsync(cancellation);
            Note(shown ?? statement, "ok");
        }
        catch (Exception error) when (PostgreSqlTrouble.Covers(error))
        {
            Note(shown ?? statement, PostgreSqlTrouble.Words(error));
            throw;
        }
    }

    public void Note(string request, string answer) => exchanges.Add(new(request, answer));
}
