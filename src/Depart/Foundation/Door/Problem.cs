namespace Depart.Foundation.Door;

/// <summary>The families of refusal, each with its HTTP status.</summary>
public enum ProblemKind
{
    /// <summary>400: a field or line is not acceptable.</summary>
    Invalid = 400,

    /// <summary>401: sign in first, or again.</summary>
    Unauthenticated = 401,

    /// <summary>403: not for this role, or on one's own departure.</summary>
    Forbidden = 403,

    /// <summary>404: no such thing, or none that one may see.</summary>
    NotFound = 404,

    /// <summary>409: the state does not allow it.</summary>
    Conflict = 409,

    /// <summary>412: somebody changed it since it was read.</summary>
    Stale = 412,

    /// <summary>415: the body is in no form that is read here.</summary>
    NotReadable = 415,

    /// <summary>429: too often.</summary>
    TooMany = 429,

    /// <summary>503: something outside did not answer.</summary>
    Unavailable = 503,
}

/// <summary>An expected refusal: a value, never an exception.</summary>
/// <param name="Kind">The family.</param>
/// <param name="Code">Stable, kebab-case, for programs: <c>own-departure</c>.</param>
/// <param name="Message">For people: what, why, and what to do.</param>
public sealed record Problem(ProblemKind Kind, string Code, Words Message)
{
    /// <summary>The field concerned, as the API names it, or null.</summary>
    public string? Field { get; init; }

    /// <summary>The line concerned in a file, from 1, or null.</summary>
    public int? Line { get; init; }

    /// <summary>Further problems of the same request (several fields).</summary>
    public IReadOnlyList<Problem> Others { get; init; } = [];

    /// <summary>A field that is not acceptable.</summary>
    public static Problem Invalid(string field, string code, Words message) => new(ProblemKind.Invalid, code, message) { Field = field };

    /// <summary>Several problems as one: the first leads.</summary>
    public static Problem? Several(IReadOnlyList<Problem> problems) =>
        problems.Count == 0 ? null : problems[0] with { Others = [.. problems.Skip(1)] };

    /// <summary>A required field is missing.</summary>
    public static Problem Required(string field, Words label) =>
        Invalid(field, "required", new Words("{0}: please fill this in.", "{0} : à renseigner.").With(label));

    /// <summary>No such thing.</summary>
    public static Problem NotFound(Words what) =>
        new(ProblemKind.NotFound, "not-found", new Words("{0}: not found.", "{0} : introuvable.").With(what));

    /// <summary>The state does not allow it.</summary>
    public static Problem Conflict(string code, Words message) => new(ProblemKind.Conflict, code, message);

    /// <summary>Somebody changed it since it was read.</summary>
    public static Problem Stale { get; } = new(ProblemKind.Stale, "changed-since", new(
        "Someone changed this since you opened it. Nothing was saved: look at the new version and try again.",
        "Quelqu’un a modifié cet élément depuis que vous l’avez ouvert. Rien n’a été enregistré : relisez la nouvelle version, puis recommencez."));

    /// <summary>Not signed in.</summary>
    public static Problem Unauthenticated { get; } = new(ProblemKind.Unauthenticated, "sign-in", new(
        "Please sign in.", "Veuillez vous connecter."));

    /// <summary>Not for the caller's roles.</summary>
    public static Problem Forbidden { get; } = new(ProblemKind.Forbidden, "forbidden", new(
        "Your role does not allow this.", "Votre rôle ne le permet pas."));

    /// <summary>A read-only token tried to change something.</summary>
    public static Problem ReadOnlyToken { get; } = new(ProblemKind.Forbidden, "read-only-token", new(
        "This token may only read.", "Ce jeton ne permet que la lecture."));

    /// <summary>A token tried to change by what its owner signs in.</summary>
    public static Problem NotByToken { get; } = new(ProblemKind.Forbidden, "not-by-token", new(
        "A token does not change how its owner signs in: this is done in a browser, under My account.",
        "Un jeton ne change pas la façon dont son titulaire se connecte\u00a0: cela se fait dans un navigateur, sous Mon compte."));

    /// <summary>One must prove again who one is, and did not in the last five minutes.</summary>
    public static Problem ProveAgain { get; } = new(ProblemKind.Forbidden, "prove-again", new(
        "Please prove again who you are, by your password, a passkey or your identity provider: this cannot be left to an unattended screen.",
        "Veuillez prouver de nouveau qui vous êtes, par mot de passe, clé d’accès ou fournisseur d’identité : cet acte ne peut pas être laissé à un écran sans surveillance."));

    /// <summary>Nobody acts on their own departure.</summary>
    public static Problem OwnDeparture { get; } = new(ProblemKind.Forbidden, "own-departure", new(
        "Nobody acts on their own departure: someone else must do this.",
        "Nul n’agit sur son propre départ : quelqu’un d’autre doit le faire."));

    /// <summary>Nobody of the leaver's supplier acts alone on the departure.</summary>
    public static Problem SameSupplier { get; } = new(ProblemKind.Forbidden, "same-supplier", new(
        "You belong to the same supplier as the person who leaves: someone else must do this.",
        "Vous appartenez au même prestataire que la personne qui part : quelqu’un d’autre doit le faire."));
}

/// <summary>A result or a problem.</summary>
/// <typeparam name="T">What a success gives.</typeparam>
internal readonly record struct Outcome<T>
{
    private Outcome(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    /// <summary>The result; meaningful only without a problem.</summary>
    public T? Value { get; }

    /// <summary>The refusal, or null.</summary>
    public Problem? Problem { get; }

    /// <summary>No problem.</summary>
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(false, nameof(Problem))]
    [System.Diagnostics.CodeAnalysis.MemberNotNullWhen(true, nameof(Value))]
    public bool Ok => Problem is null;

    /// <summary>A success.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A refusal.</summary>
    public static implicit operator Outcome<T>(Problem problem) => new(default, problem);
}

/// <summary>Nothing to say but that it was done.</summary>
public readonly record struct Done
{
    /// <summary>The value.</summary>
    public static Done Value { get; }
}
