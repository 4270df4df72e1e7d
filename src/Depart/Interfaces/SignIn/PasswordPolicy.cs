using Depart.Foundation;
using Depart.Foundation.Door;

namespace Depart.Interfaces.SignIn;

/// <summary>
/// What a password must be: 12 characters or more, not one of those everybody tries, not the name of its owner. No compulsory digits
/// or symbols: length protects, rules of composition do not (NIST SP 800-63B, 3.1.1.2).
/// </summary>
internal static class PasswordPolicy
{
    /// <summary>Fewest characters.</summary>
    public const int Shortest = 12;

    /// <summary>Most characters: longer ones would only cost time to hash.</summary>
    public const int Longest = 200;

    public static readonly Problem Short = Problem.Invalid("Password", "password-short", new(
        "At least 12 characters: a few words make a good password.", "Au moins 12 caractères : quelques mots font un bon mot de passe."));

    public static readonly Problem Long = Problem.Invalid("Password", "password-long", new("At most 200 characters.", "200 caractères au plus."));

    public static readonly Problem Common = Problem.Invalid("Password", "password-common", new(
        "This password is among the first ones that are tried: choose another.", "Ce mot de passe est parmi les premiers essayés : choisissez-en un autre."));

    public static readonly Problem OwnName = Problem.Invalid("Password", "password-name", new(
        "The password must not contain your name or address.", "Le mot de passe ne doit pas contenir votre nom ni votre adresse."));

    private static readonly string[] Roots =
    [
        "password", "passwort", "motdepasse", "mdp", "azerty", "azertyuiop", "qwerty", "qwertyuiop", "qwertz", "qsdfgh", "wxcvbn", "asdfgh", "zxcvbn", "bienvenue",
        "welcome", "bonjour", "admin", "administrator", "administrateur", "root", "letmein", "iloveyou", "jetaime", "soleil", "doudou", "loulou", "marseille",
        "football", "baseball", "monkey", "dragon", "sunshine", "princess", "princesse", "chocolat", "nicolas", "changeme", "changezmoi", "secret", "trustno", "starwars",
        "superman", "batman", "depart", "entreprise", "company", "summer", "winter", "spring", "autumn", "printemps", "automne", "hiver", "ete", "janvier", "test", "demo", "user",
        "abc", "abcd", "abcdef", "love", "hello", "master", "login", "access", "default", "temp", "temporaire", "provisoire",
    ];

    private const string Runs = "abcdefghijklmnopqrstuvwxyz azertyuiopqsdfghjklmwxcvbn qwertyuiopasdfghjklzxcvbnm 01234567890123456789 98765432109876543210";

    /// <summary>What is wrong, or null.</summary>
    public static Problem? Refusal(string? password, string name, string mail) => password switch
    {
        null or { Length: < Shortest } => Short,
        { Length: > Longest } => Long,
        _ when IsCommon(password) => Common,
        _ when Contains(password, name, mail) => OwnName,
        _ => null,
    };

    /// <summary>A known root, repeated or with digits and signs around it or for letters; few different characters; a run of the keyboard.</summary>
    private static bool IsCommon(string password)
    {
        var signs = SearchText.Of(password).Replace(" ", "", StringComparison.Ordinal);
        return signs.Distinct().Count() < 5 || IsRun(signs) || IsMadeOfRoots(Letters(signs)) || IsMadeOfRoots(Letters(Leet(password)));
    }

    private static string Letters(string text) => new([.. SearchText.Of(text).Where(char.IsLetter)]);

    private static string Leet(string password) => new([.. password.TrimEnd([.. "0123456789!?.$@€*#-_ "]).Select(sign => sign switch
    {
        '@' or '4' => 'a', '3' or '€' => 'e', '1' or '!' => 'i', '0' => 'o', '5' or '$' => 's', '7' => 't', _ => sign,
    })]);

    private static bool IsRun(string letters)
    {
        for (var start = 0; start + 4 <= letters.Length; start += 4)
        {
            if (!Runs.Contains(letters.AsSpan(start, 4), StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsMadeOfRoots(string letters)
    {
        var reached = new bool[letters.Length + 1];
        reached[0] = true;
        for (var at = 0; at < letters.Length; at++)
        {
            foreach (var root in reached[at] ? Roots : [])
            {
                if (string.CompareOrdinal(letters, at, root, 0, root.Length) == 0)
                {
                    reached[at + root.Length] = true;
                }
            }
        }

        return letters.Length is 0 || reached[letters.Length];
    }

    private static bool Contains(string password, string name, string mail)
    {
        var plain = SearchText.Of(password).Replace(" ", "", StringComparison.Ordinal);
        return SearchText.Of($"{name} {mail.Split('@')[0]}").Split(' ').Any(part => part.Length > 3 && plain.Contains(part, StringComparison.Ordinal));
    }
}
