using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Depart.Interfaces.SignIn;

/// <summary>Hashes passwords the way ASP.NET Core Identity does (PBKDF2, SHA-512, salted).</summary>
internal sealed class Passwords
{
    private readonly PasswordHasher<User> hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private readonly string nobodys;

    public Passwords() => nobodys = hasher.HashPassword(null!, Guid.NewGuid().ToString());

    public string Hash(string password) => hasher.HashPassword(null!, password);

    /// <summary>Whether it is right; takes as long for a user who does not exist.</summary>
    public bool Fits(User? user, string password) =>
        hasher.VerifyHashedPassword(null!, user?.PasswordHash ?? nobodys, password) != PasswordVerificationResult.Failed && user?.PasswordHash is not null;
}
